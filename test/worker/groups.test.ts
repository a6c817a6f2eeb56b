import { expect, test } from 'vitest';
import { readRemarks } from '../../src/ledger/batch/batch-remarks.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { empty, shapeA } from '../portal/answers.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { person } from '../support/people.ts';
import { asked, caseWith, groupsOn, warningsOf } from './groups-case.ts';
import { openCase } from './handler-case.ts';

test('a person gets the groups that the list names, in any spelling, without a request more', async () => {
  const { at } = await caseWith({ cells: [['sales ;Ops'], ['SALES']], known: ['Sales', 'Ops'] });
  expect(await at.createUser(0)).toEqual(done('created'));
  expect(await at.createUser(1)).toEqual(done('created'));
  expect(groupsOn(at)).toEqual([['Sales', 'Ops'], ['Sales']]);
  expect(asked(at)).toEqual(['GET /group', 'POST /people', 'POST /people']);
  expect(await warningsOf(at)).toBeUndefined();
});

test('a person without groups is created before any group is read', async () => {
  const { at } = await caseWith({ cells: [[], ['Sales']], known: ['Sales'] });
  await at.createUser(0);
  expect(asked(at)).toEqual(['POST /people']);
});

test('an unknown name keeps nobody out, and row and batch say so', async () => {
  const { at, ledger } = await caseWith({
    cells: [['Salez|Ops'], ['salez']],
    known: ['Sales', 'Ops'],
  });
  await at.createUser(0);
  expect(groupsOn(at)).toEqual([['Ops']]);
  expect(await warningsOf(at)).toEqual([
    'The portal has no group "Salez": the account is not in it.',
  ]);
  expect(await readRemarks(ledger, at.batch)).toEqual([
    {
      code: 'groups-unknown',
      text: 'no group of the portal has the name "Salez" (2 rows; like "Sales"): these people are created without it',
    },
  ]);
});

test('several hundred groups are read by pages, once for a batch', async () => {
  const known = Array.from({ length: 201 }, (_, n) => `Group ${n}`);
  const { at } = await caseWith({ cells: [['Group 200'], ['Group 7']], known });
  await at.createUser(0);
  await at.createUser(1);
  expect(groupsOn(at)).toEqual([['Group 200'], ['Group 7']]);
  expect(asked(at).filter((what) => what === 'GET /group')).toHaveLength(3);
});

test('a group for everybody is one of each person', async () => {
  const { at } = await caseWith({ cells: [[], ['Ops']], known: ['New', 'Ops'], names: ['new'] });
  await at.createUser(0);
  await at.createUser(1);
  expect(groupsOn(at)).toEqual([['New'], ['Ops', 'New']]);
});

test('groups that cannot be read now are read again, without an attempt', async () => {
  let reads = 0;
  const plan: Plan = ({ what }) =>
    what === 'GET /group' && ++reads === 1 ? { before: shapeA(500, 'x') } : undefined;
  const { at } = await caseWith({ cells: [['Sales']], known: ['Sales'], plan });
  expect((await at.createUser()).job.kind).toBe('snooze');
  expect(await at.createUser()).toEqual(done('created'));
  expect(groupsOn(at)).toEqual([['Sales']]);
});

test('a limit of the portal slows the queues while groups are read', async () => {
  let reads = 0;
  const limited = empty(429, { 'retry-after': '7' });
  const plan: Plan = ({ what }) =>
    what === 'GET /group' && ++reads === 1 ? { before: limited } : undefined;
  const { at } = await caseWith({ cells: [['Sales']], known: ['Sales'], plan });
  expect((await at.createUser()).queues).toMatchObject({ kind: 'slow-down' });
  expect(await at.createUser()).toEqual(done('created'));
});

test('a group that the portal leaves out without a word is warned of and counted', async () => {
  const plan: Plan = async ({ what }) => {
    if (what === 'POST /people') await removeAll();
    return undefined;
  };
  let removeAll = async () => {};
  const { at, ids } = await caseWith({ cells: [['Sales;Ops']], known: ['Sales', 'Ops'], plan });
  removeAll = async () => {
    const { url, key } = at.stage.sandbox;
    const headers = { authorization: `Bearer ${key}` };
    await fetch(`${url}/api/2.0/group/${ids[0]}`, { method: 'DELETE', headers });
  };
  expect(await at.createUser()).toEqual(done('created'));
  expect(await warningsOf(at)).toEqual([
    'The portal left out the group "Sales": add the account there.',
  ]);
  expect(await at.stage.report(at.batch)).toMatchObject({ created: 1, groupsMissing: 1 });
  expect(await at.stage.rows(at.batch)).toMatchObject([{ code: 'groups-missing' }]);
});

test('a batch that was stored by an older version sends its ids', async () => {
  const sales = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const row = person('p0@example.com');
  const admins = 'cd84e66b-b803-40fc-99f9-b2969a54a1de';
  if (row.kind === 'person') row.person.department = [sales, 'no id', admins];
  const at = await openCase({ rows: [row] });
  await at.createUser();
  expect(JSON.parse(at.stage.asked[0]?.body ?? '')).toMatchObject({ department: [sales] });
  expect(asked(at)).toEqual(['POST /people']);
});

test('a job that waits too long for another process leaves without an attempt', async () => {
  const { at, ledger } = await caseWith({ cells: [['Sales']], known: ['Sales'] });
  await ledger.redis.set(ledger.keys.groupsLock, 'another');
  const { timings } = at.deps;
  Object.assign(at.deps, { timings: { ...timings, groupsWaitMs: 20, groupsPollMs: 10 } });
  expect(await at.createUser()).toEqual(snooze(timings.pendingPollMs));
  expect(asked(at)).toEqual([]);
});

test('an id that the portal does not list is not sent', async () => {
  const unlisted = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const { at, ids } = await caseWith({ cells: [[`${unlisted};Sales`]], known: ['Sales'] });
  await at.createUser();
  const body = JSON.parse(at.stage.asked.at(-1)?.body ?? '');
  expect(body.department).toEqual(ids);
  expect(await warningsOf(at)).toHaveLength(1);
});

test('ids are sent as given where groups may not be read, except those of system groups', async () => {
  const sales = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const guests = 'aced04fa-dd96-4b35-af3e-346bf1eb972d';
  const plan: Plan = ({ what }) => (what === 'GET /group' ? { before: empty(403) } : undefined);
  const { at } = await caseWith({ cells: [[sales, guests]], plan });
  await at.createUser();
  expect(JSON.parse(at.stage.asked.at(-1)?.body ?? '').department).toEqual([sales]);
});
