import { expect, test } from 'vitest';
import { closeIntake, finish, readBatch } from '../../src/ledger/batch/batches.ts';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import { beginRound, cancelRows, closeRound, reopen } from '../../src/ledger/batch/rounds.ts';
import { noteInviteAccepted, noteInviteSending } from '../../src/ledger/invites/invites.ts';
import { forgetPeople } from '../../src/ledger/removal/retention.ts';
import { bitmapOf } from '../../src/ledger/rows/bitmap.ts';
import { noteRow, settleRow } from '../../src/ledger/rows/rows.ts';
import { type RowStory, readRowStory } from '../../src/overview/row-story.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { fill } from '../ledger/fill.ts';
import { people, person } from '../support/people.ts';
import { quick } from '../support/timings.ts';
import { openReadable } from './open-readable.ts';

const kinds = (story: RowStory | undefined) => story?.timeline.map(({ kind }) => kind);

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

test('the story of a person who failed, was asked again, created and invited is in order', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await fill(ledger, 'b1', people(2));
  await closeIntake(ledger, 'b1');
  const failed = { code: 'timeout', reason: 'No answer.', attempts: 4 };
  const ref = { batch: 'b1', round: 1, row: 1 };
  await settleRow(ledger, ref, { state: 'failed', outcome: failed });
  await settleRow(ledger, { ...ref, row: 0 }, { state: 'failed', outcome: {} });
  for (const [round, row] of [
    [2, 0],
    [3, 1],
  ] as const) {
    await finish(ledger, 'b1');
    await beginRound(ledger, 'b1', ['finished']);
    await reopen(ledger, 'b1', [row]);
    await closeRound(ledger, 'b1');
    if (row === 0)
      await settleRow(ledger, { ...ref, round, row }, { state: 'created', outcome: {} });
  }
  const made = { portalId: 'id-1', attempts: 1, role: 'Guest' };
  await settleRow(
    ledger,
    { ...ref, round: 3 },
    { state: 'created', outcome: made, marks: ['other-role'] },
  );
  await noteInviteSending(ledger, await readBatch(ledger, 'b1'), 1);
  await noteInviteAccepted(ledger, 'b1', bitmapOf([1]));
  const story = await readRowStory(readable, 'b1', 1);
  expect(story).toMatchObject({ file: 'people.csv', line: 3, email: 'p1@example.com' });
  expect(story).toMatchObject({ firstName: 'Ana', lastName: 'Lee', type: 'User', round: 3 });
  expect(story).toMatchObject({ state: 'created', portalId: 'id-1', role: 'Guest', faults: [] });
  expect(story).toMatchObject({ marks: ['other-role'], other: undefined, attempt: undefined });
  expect(story?.timeline).toEqual([
    { kind: 'recorded', at: TIME, round: 1 },
    { kind: 'earlier-round', at: TIME, round: 1, state: 'failed', ...failed },
    { kind: 'asked-again', at: TIME, round: 3 },
    { kind: 'settled', at: TIME, round: 3, state: 'created', attempts: 1 },
    { kind: 'invited', at: TIME, round: 3 },
  ]);
});

test('a person whose answer was lost is shown as looked up, with the attempts of the job', async () => {
  const readable = openReadable();
  const { ledger, queues } = readable;
  await fill(ledger, 'b1', people(1));
  await closeIntake(ledger, 'b1');
  const doubt = { kind: 'posting', code: 'timeout', reason: 'No answer.', at: Date.now() } as const;
  await noteRow(ledger, { batch: 'b1', round: 1, row: 0 }, { doubt });
  const job = await queues.createUser.add(
    CREATE_USER,
    { batch: 'b1', round: 1, row: 0 },
    { jobId: 'b1.1.0' },
  );
  const key = queues.createUser.toKey(job.id ?? '');
  await ledger.redis.hset(key, { atm: 2, failedReason: 'reset' });
  const story = await readRowStory(readable, 'b1', 0);
  expect(story).toMatchObject({ state: 'pending', attempt: { number: 2, code: 'reset' } });
  expect(story?.timeline).toEqual([
    { kind: 'recorded', at: TIME, round: 1 },
    { kind: 'looking-up', at: TIME, round: 1, code: 'timeout', reason: 'No answer.' },
  ]);
});

test('a rejected row is shown with its cells and every fault', async () => {
  const readable = openReadable();
  const at = { file: 'people.csv', line: 7 };
  const faults = [
    { field: 'email', code: 'email-form', value: 'ana at', reason: 'No address.' },
    { field: 'culture', code: 'culture-form', value: '12', reason: 'No language.' },
  ];
  const raw = { email: 'ana at', firstName: 'Ana', culture: '12', department: 'Staff' };
  await fill(readable.ledger, 'b1', [{ kind: 'rejected', at, raw, faults }]);
  const story = await readRowStory(readable, 'b1', 0);
  expect(story).toMatchObject({ state: 'rejected', code: 'email-form', line: 7, faults });
  expect(story).toMatchObject({ email: 'ana at', culture: '12', groups: 'Staff', comment: '' });
  const reason = 'email: No address.; culture: No language.';
  expect(story?.timeline).toEqual([
    { kind: 'recorded', at: TIME, round: 1, state: 'rejected', code: 'email-form', reason },
  ]);
});

test('a person whom another batch has leads to the row there, a duplicate to the first row', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await fill(ledger, 'b1', [...people(1), person('ana@example.com', 1)]);
  await closeIntake(ledger, 'b1');
  const rows = [
    person('bo@example.com'),
    person('ana@example.com', 1),
    person('BO@example.com', 2),
  ];
  await fill(ledger, 'b2', rows);
  const other = await readRowStory(readable, 'b2', 1);
  expect(other).toMatchObject({ code: 'in-other-batch', other: { batch: 'b1', row: 1 } });
  const twice = await readRowStory(readable, 'b2', 2);
  expect(twice).toMatchObject({ state: 'duplicate', other: { batch: 'b2', row: 0 } });
  await finish(ledger, 'b1');
  expect((await readRowStory(readable, 'b2', 0))?.other).toBeUndefined();
});

test('a batch that has since claimed the person is not taken for the one that had them', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await fill(ledger, 'b1', people(1));
  await closeIntake(ledger, 'b1');
  await fill(ledger, 'b2', people(1));
  await settleRow(ledger, { batch: 'b1', round: 1, row: 0 }, { state: 'created', outcome: {} });
  await finish(ledger, 'b1');
  await fill(ledger, 'b3', people(1));
  await takeLock(ledger, 'b3', { token: 't', timings: quick });
  const story = await readRowStory(readable, 'b2', 0);
  expect(story?.other).toEqual({ batch: 'b1', row: undefined });
  expect(kinds(story)).toEqual(['recorded']);
});

test('a cancelled person, and one whose names were removed, have a story without a time', async () => {
  const readable = openReadable();
  const { ledger } = readable;
  await fill(ledger, 'b1', people(1));
  await closeIntake(ledger, 'b1');
  await cancelRows(ledger, 'b1');
  const ends = [
    { kind: 'recorded', at: TIME, round: 1 },
    { kind: 'settled', at: null, round: 1, state: 'cancelled' },
  ];
  expect((await readRowStory(readable, 'b1', 0))?.timeline).toEqual(ends);
  await forgetPeople(ledger, 'b1', async () => undefined);
  const forgotten = await readRowStory(readable, 'b1', 0);
  expect(forgotten).toMatchObject({ email: '', firstName: '', state: 'cancelled', timeline: ends });
});

test('a row that does not exist has no story, and no batch is made up', async () => {
  const readable = openReadable();
  await fill(readable.ledger, 'b1', people(1));
  expect(await readRowStory(readable, 'b1', 1)).toBeUndefined();
  await expect(readRowStory(readable, 'b9', 0)).rejects.toMatchObject({ code: 'E_BATCH_UNKNOWN' });
});
