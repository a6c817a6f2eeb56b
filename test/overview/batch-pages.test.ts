import { expect, test } from 'vitest';
import { beginInviting, closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { beginCancel, cancelRows, holdBack } from '../../src/ledger/batch/rounds.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { type BatchFilter, batchFilters, readBatchPage } from '../../src/overview/batch-pages.ts';
import { fill, fillCreated, openSpace } from '../ledger/fill.ts';
import { people } from '../support/people.ts';

/** Batches with these names, the first one the oldest. */
async function opened(names: readonly string[]): Promise<Ledger> {
  const ledger = openSpace();
  for (const [index, name] of names.entries()) {
    await fill(ledger, name, people(1, index * 10));
    await ledger.redis.zadd(ledger.keys.batches, index + 1, name);
  }
  return ledger;
}

const idsOf = ({ reports }: { reports: { batchId: string }[] }) =>
  reports.map(({ batchId }) => batchId);

test('pages of batches lead on to older and back to newer ones', async () => {
  const names = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6'];
  const ledger = await opened(names);
  const at = (after: string | undefined) => readBatchPage(ledger, { after, size: 3, now: 0 });
  const first = await at(undefined);
  expect(idsOf(first)).toEqual(['b6', 'b5', 'b4']);
  expect(first).toMatchObject({
    next: 'b4',
    previous: undefined,
    total: 7,
    incomplete: ['b6', 'b5', 'b4'],
  });
  const second = await at(first.next);
  expect(idsOf(second)).toEqual(['b3', 'b2', 'b1']);
  expect(second).toMatchObject({ next: 'b1', previous: '', total: 7 });
  const third = await at(second.next);
  expect(idsOf(third)).toEqual(['b0']);
  expect(third).toMatchObject({ next: undefined, previous: 'b4' });
  expect([await at(''), await at('no-such')]).toMatchObject([first, first]);
});

test('the beginning of a name picks batches, also a beginning that is a pattern for Redis', async () => {
  const ledger = await opened(['staff-1', 'pupils-1', 'staff-2', 'Staff-3']);
  const of = (prefix: string, after?: string) =>
    readBatchPage(ledger, { prefix, after, size: 1, now: 0 });
  const page = await of('staff');
  expect([idsOf(page), page.total, page.next, page.previous]).toEqual([
    ['Staff-3'],
    3,
    'Staff-3',
    undefined,
  ]);
  const last = await of('staff', 'staff-2');
  expect([idsOf(last), last.next, last.previous]).toEqual([['staff-1'], undefined, 'Staff-3']);
  expect(await of('*')).toMatchObject({ reports: [], total: 0, next: undefined });
});

/** One batch in each state that a reader asks for. */
async function everyState(): Promise<Ledger> {
  const ledger = await opened(['intake']);
  await fill(ledger, 'processing', people(1, 1));
  await closeIntake(ledger, 'processing');
  await fillCreated(ledger, 'inviting', people(1, 2));
  await beginInviting(ledger, 'inviting');
  await fillCreated(ledger, 'gate', people(1, 3));
  await ledger.redis.hset(ledger.keys.record('gate'), 'inviteHeld', 1);
  await beginInviting(ledger, 'gate');
  await fillCreated(ledger, 'finished', people(1, 4));
  await finish(ledger, 'finished');
  await fill(ledger, 'cancelled', people(1, 5));
  await closeIntake(ledger, 'cancelled');
  await beginCancel(ledger, 'cancelled', { invite: false });
  await cancelRows(ledger, 'cancelled');
  await finish(ledger, 'cancelled');
  await fill(ledger, 'limited', people(2, 6));
  await closeIntake(ledger, 'limited');
  await holdBack(ledger, 'limited', 0);
  await finish(ledger, 'limited');
  return ledger;
}

test.each<[BatchFilter, string[]]>([
  ['moving', ['inviting', 'processing']],
  ['waiting', ['limited']],
  ['held-back', ['gate']],
  ['finished', ['finished']],
  ['cancelled', ['cancelled']],
  ['intake', ['intake']],
])('the filter %s picks the batches in that state', async (state, ids) => {
  const ledger = await everyState();
  const page = await readBatchPage(ledger, { state, now: Date.now() });
  expect([idsOf(page).sort(), page.total]).toEqual([ids, ids.length]);
  expect(batchFilters).toContain(state);
});

test('a damaged batch is named among the others and stops no filter', async () => {
  const ledger = await everyState();
  await ledger.redis.zadd(ledger.keys.batches, 99, 'broken');
  await ledger.redis.set(ledger.keys.record('broken'), 'x');
  const all = await readBatchPage(ledger, { now: 0 });
  expect([all.reports.length, all.unreadable.map(({ batchId }) => batchId)]).toEqual([
    7,
    ['broken'],
  ]);
  expect(idsOf(await readBatchPage(ledger, { state: 'finished', now: 0 }))).toEqual(['finished']);
});

test('a batch that a purge removes meanwhile is left out, and the page says what it did not search', async () => {
  const ledger = await opened(['b1']);
  const names = Array.from({ length: 10_001 }, (_, index) => ['-1', `x${index}`]);
  await ledger.redis.zadd(ledger.keys.batches, ...names.flat());
  const page = await readBatchPage(ledger, { prefix: 'b', now: 0 });
  expect([idsOf(page), page.total, page.unsearched]).toEqual([['b1'], 1, 2]);
  const purged = await readBatchPage(ledger, { after: 'b1', size: 2, now: 0 });
  expect(purged).toMatchObject({ reports: [], unreadable: [], total: 10_002, unsearched: 0 });
});

test('fifty batches cost a command each, sent together, and show the hold of one moment', async () => {
  const ledger = await opened(Array.from({ length: 55 }, (_, index) => `b${index}`));
  await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'm', since: 1 });
  await readBatchPage(ledger, { now: 0 });
  const send = ledger.redis.sendCommand.bind(ledger.redis);
  const sent: string[] = [];
  ledger.redis.sendCommand = (...command: Parameters<typeof send>) => {
    sent.push(command[0].name);
    return send(...command);
  };
  const page = await readBatchPage(ledger, { now: 0 });
  ledger.redis.sendCommand = send;
  expect(page.reports.map(({ hold }) => hold)).toEqual(Array(50).fill('portal-unpaid'));
  expect(sent.filter((name) => name === 'evalsha')).toHaveLength(50);
  // The list and its length, the hold, waits and outage, a lock for each batch in intake.
  expect(sent.filter((name) => name !== 'evalsha' && name !== 'exists').length).toBeLessThan(12);
});
