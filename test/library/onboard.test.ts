import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { batchIdOf, submissionDigest } from '../../src/batch/identity.ts';
import type { Onboard, PersonInput, Report } from '../../src/index.ts';
import { openSource } from '../../src/intake/source.ts';
import { readLog } from '../../src/ledger/notes/read-log.ts';
import { decodeInput } from '../../src/ledger/rows/row-codec.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { shapeA } from '../portal/answers.ts';
import { addGroup } from '../sandbox/support.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { firstPost } from '../worker/first-post.ts';
import { opened, persons } from './opened.ts';

const PEOPLE = resolve('examples/people.csv');

async function* oneByOne(people: readonly PersonInput[]): AsyncGenerator<PersonInput> {
  yield* people;
}

const until = (onboard: Onboard, batchId: string, state: Report['state']) =>
  waitFor(async () => {
    const report = await onboard.status(batchId);
    return report.state === state ? report : undefined;
  });

async function rowsOf(onboard: Onboard, batchId: string) {
  const rows = [];
  for await (const row of onboard.report(batchId)) rows.push(row);
  return rows;
}

test('people of a program are validated, enqueued, created and invited as those of a file', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const onboard = await opened(stage);
  const odd = { email: 'nowhere', firstName: '', lastName: 'Lee' };
  const people = [...persons(3), odd, ...persons(1)];
  const { batchId, already, report } = await onboard.submit(oneByOne(people));
  expect(already).toBe(false);
  expect(report).toMatchObject({ batchId, total: 5, accepted: 3, rejected: 1, duplicates: 1 });
  expect(await until(onboard, batchId, 'finished')).toMatchObject({ created: 3, invited: 3 });
  const rows = await rowsOf(onboard, batchId);
  expect(rows.map(({ file, line, state }) => [file, line, state])).toEqual([
    ['<people>', 1, 'created'],
    ['<people>', 2, 'created'],
    ['<people>', 3, 'created'],
    ['<people>', 4, 'rejected'],
    ['<people>', 5, 'duplicate'],
  ]);
  expect(await onboard.batches()).toEqual([batchId]);
});

test('every field of a person reaches the ledger, and no other', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const department = ['11111111-2222-3333-4444-555555555555'];
  const person = {
    email: 'ana@example.com',
    firstName: 'Ana',
    lastName: 'Lee',
    type: 'RoomAdmin' as const,
    culture: 'de',
    department,
    comment: 'new',
    salary: 7,
  };
  const { batchId } = await onboard.submit([person], { allowedTypes: ['RoomAdmin'] });
  const stored = await stage.ledger.redis.hget(`${stage.ledger.keys.rows(batchId)}0`, '0');
  const { salary, ...told } = person;
  expect(stored).not.toContain('salary');
  expect(decodeInput(stored)?.person).toEqual(told);
});

test('a program names groups of people and of everybody, and workers find them', async () => {
  const stage = await openStage({ works: true });
  await addGroup(stage.sandbox, 'R;D');
  await addGroup(stage.sandbox, 'Sales');
  const onboard = await opened(stage);
  const [ana, bo] = persons(2);
  if (ana === undefined || bo === undefined) throw new Error('nobody');
  const people = [
    { ...ana, groups: ['sales', 'Neu'] },
    { ...bo, groups: ['R;D'] },
  ];
  const options = { groups: 'create' as const, group: ['Everybody'] };
  const { batchId } = await onboard.submit(people, options);
  await stage.untilFinished(batchId);
  const groups = stage.sandbox.state().accounts.map((one) => one.groups.map(({ name }) => name));
  // Two people at a time: either account may be the first.
  expect(groups.map((names) => names.sort()).sort()).toEqual([
    ['Everybody', 'Neu', 'Sales'],
    ['Everybody', 'R;D'],
  ]);
  const rows = [];
  for await (const row of onboard.report(batchId)) rows.push(row.groups);
  expect(rows).toEqual(['sales;Neu', 'R;D']);
  const [entry] = await onboard.log(batchId);
  expect(entry?.details).toMatchObject({ groups: 'create', group: 1 });
});

test('names that must be known need a key, and with it people with others are rejected', async () => {
  const stage = await openStage();
  await addGroup(stage.sandbox, 'Sales');
  const people = persons(2).map((each, index) => ({
    ...each,
    groups: [index ? 'Salez' : 'sales'],
  }));
  const refused = (await opened(stage)).submit(people, { groups: 'require' });
  await expect(refused).rejects.toMatchObject({ code: 'E_CONFIG' });
  const withKey = await opened(stage, { apiKey: stage.sandbox.key });
  const { report } = await withKey.submit(people, { groups: 'require' });
  expect(report).toMatchObject({ accepted: 1, rejected: 1 });
  await addGroup(stage.sandbox, 'Sales');
  const twice = withKey.submit(persons(1, 50), { group: ['Sales'] });
  await expect(twice).rejects.toMatchObject({ code: 'E_GROUP_AMBIGUOUS' });
});

test('the same people are the same batch, with other options another one', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const first = await onboard.submit(persons(2));
  const again = await onboard.submit(oneByOne(persons(2)));
  expect([again.batchId, again.already]).toEqual([first.batchId, true]);
  const other = await onboard.submit(persons(2), { inviteType: 'User' });
  expect(other.report).toMatchObject({ accepted: 0, rejected: 2 });
  expect((await onboard.submit(persons(1, 50), { batchId: 'mine' })).batchId).toBe('mine');
});

test('a file is the same batch here and on the command line', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const files = ['examples/people.csv'];
  const { batchId } = await onboard.submitFiles({ files });
  const stdin = process.stdin;
  const source = await openSource({ files, stdin, defaultType: 'User' });
  const { origin: portal } = new URL(stage.sandbox.url);
  const about = { type: 'User' as const, inviteType: 'All' as const, culture: undefined, portal };
  expect(batchId).toBe(batchIdOf(submissionDigest({ content: source.digest, ...about })));
});

test('a body from outside that names files of this machine is refused', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  for (const body of [{ files: [PEOPLE] }, { files: [PEOPLE], length: 1 }, null, 7, 'people']) {
    const refused = onboard.submit(JSON.parse(JSON.stringify(body)));
    await expect(refused).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.not.stringContaining('people.csv'),
    });
  }
  expect(await onboard.batches()).toEqual([]);
});

test('retry, cancel and resume do what their commands do, and are in the action log', async () => {
  const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
  const stage = await openStage({ plan: firstPost({ 'p1@example.com': refused }), works: true });
  const onboard = await opened(stage);
  const { batchId } = await onboard.submit(persons(3));
  expect(await until(onboard, batchId, 'finished')).toMatchObject({ created: 2, failed: 1 });
  expect(await onboard.retry(batchId, { reasons: ['timeout'] })).toBe(0);
  await until(onboard, batchId, 'finished');
  expect(await onboard.retry(batchId, { emails: ['P1@example.com'] })).toBe(1);
  await until(onboard, batchId, 'finished');
  const held = await onboard.submit(persons(4, 10), { inviteHeld: true });
  await waitFor(async () => (await onboard.status(held.batchId)).gate !== null);
  expect(await onboard.cancel(held.batchId, { invite: false })).toBe(0);
  expect(await until(onboard, held.batchId, 'cancelled')).toMatchObject({ created: 4, invited: 0 });
  const hold = { code: 'paused', reason: 'r', remedy: 'm', since: 1 } as const;
  await setHold(stage.ledger, hold);
  expect(await onboard.resume()).toEqual(hold);
  expect(await onboard.resume()).toBeUndefined();
  const entries = await readLog(stage.ledger, { limit: 20 });
  expect(entries.map(({ action }) => action)).toEqual([
    'resume',
    'resume',
    'cancel',
    'submit',
    'retry',
    'retry',
    'submit',
  ]);
  expect(new Set(entries.map(({ by }) => by.name))).toEqual(new Set(['sync job']));
  expect(JSON.stringify(entries)).not.toContain('example.com');
});

test('a submission stops at its signal and continues with the next', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const onboard = await opened(stage);
  const stop = new AbortController();
  async function* stopping() {
    yield* persons(1500);
    stop.abort(new Error('enough'));
  }
  const stopped = onboard.submit(stopping(), { signal: stop.signal });
  await expect(stopped).rejects.toThrow('enough');
  const { batchId } = await onboard.submit(persons(1500));
  expect(await until(onboard, batchId, 'finished')).toMatchObject({ created: 1500, invited: 1500 });
});

test('a field of a program that is not understood rejects its person; a column of a file is remarked', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const odd = { email: 'x@example.com', firstName: 'Ana', lastName: 'Lee', culture: 'German' };
  const submitted = await onboard.submit([odd]);
  expect(submitted).toMatchObject({ report: { rejected: 1 }, remarks: [] });
  const text = 'email,first_name,last_name,language\ny@example.com,Ana,Lee,German\n';
  const files = [resolve(stage.dir, stage.write('people.csv', text))];
  expect(await onboard.submitFiles({ files })).toMatchObject({
    report: { accepted: 1 },
    remarks: [{ code: 'column-not-understood' }],
  });
});

test('what the people come from throws is what submit throws, and leaves no file', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const folders = () => readdirSync(tmpdir()).filter((name) => /^onboard-\w{6}$/.test(name));
  const before = folders();
  const failure = new Error('the database is gone');
  async function* failing() {
    yield* persons(2);
    throw failure;
  }
  await expect(onboard.submit(failing())).rejects.toBe(failure);
  const noPeople = onboard.submit(JSON.parse('[7]'));
  await expect(noPeople).rejects.toMatchObject({ code: 'E_USAGE', message: /^person 1: / });
  await expect(onboard.submit([])).rejects.toMatchObject({ code: 'E_FILE_EMPTY' });
  // Tests beside this one have such a folder for a moment, too.
  await waitFor(() => folders().every((name) => before.includes(name)));
  expect(await onboard.batches()).toEqual([]);
});
