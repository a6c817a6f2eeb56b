import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { closeIntake, openBatch, readBatch } from '../../src/ledger/batch/batches.ts';
import { keepLock, releaseLock, takeLock } from '../../src/ledger/batch/lock.ts';
import { reportOf } from '../../src/ledger/batch/numbers.ts';
import { ledgerKeys } from '../../src/ledger/keys.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { readRow } from '../../src/ledger/rows/pending-row.ts';
import { encodeRow, type NewRow, recordRows } from '../../src/ledger/rows/record-rows.ts';
import { noteRow, rowsIn, settleRow } from '../../src/ledger/rows/rows.ts';
import { type ReportRow, reportRows } from '../../src/ledger/rows/stored-rows.ts';
import { timings } from '../../src/timings.ts';
import { people, person } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { redisSpace } from '../support/space.ts';

const about = { digest: 'd', portal: 'https://p.example', inviteType: 'All' as const };

async function filled(id: string, rows: NewRow[], ledger = openSpace()) {
  await openBatch(ledger, { id, ...about });
  for (let first = 0; first < rows.length; first += 1000) {
    await recordRows(ledger, {
      batch: id,
      first,
      rows: rows.slice(first, first + 1000).map(encodeRow),
    });
  }
  return ledger;
}

function openSpace() {
  const { redis, prefix } = redisSpace();
  return openLedger(redis, prefix);
}

async function all(rows: AsyncIterable<ReportRow>): Promise<ReportRow[]> {
  const list: ReportRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

test('an address belongs to its first row, whatever its case, and duplicates name that row', async () => {
  const ledger = await filled('b1', [
    person('A@x.org', 0),
    person('b@x.org', 1),
    person('a@X.org', 2),
  ]);
  const rows = await all(reportRows(ledger, 'b1'));
  expect(rows.map((row) => row.state)).toEqual(['pending', 'pending', 'duplicate']);
  expect(rows[2]?.reason).toBe('The same e-mail as people.csv line 2.');
});

test('rejected rows keep every fault, and total is accepted, rejected and duplicates', async () => {
  const faults = [
    { field: 'email', code: 'email-form', value: 'x', reason: 'no address' },
    { field: 'firstName', code: 'name-missing', value: '', reason: 'missing' },
  ];
  const bad: NewRow = { kind: 'rejected', at: { file: 'f', line: 9 }, raw: { email: 'x' }, faults };
  const ledger = await filled('b1', [person('a@x.org'), bad, person('a@x.org')]);
  const report = await reportOf(ledger, 'b1', Date.now());
  expect(report).toMatchObject({ total: 3, accepted: 1, rejected: 1, duplicates: 1, pending: 1 });
  const [, row] = await all(reportRows(ledger, 'b1'));
  expect(row).toMatchObject({ line: 9, email: 'x', code: 'email-form' });
  expect(row?.reason).toBe('email: no address; firstName: missing');
});

test('recording the same slices again changes nothing', async () => {
  const rows = [...people(1500), person('p3@example.com')];
  const ledger = await filled('b1', rows);
  const before = await all(reportRows(ledger, 'b1'));
  await filled('b1', rows, ledger);
  expect(await all(reportRows(ledger, 'b1'))).toEqual(before);
  expect(before.length).toBe(1501);
});

test('rows can no longer be recorded once the intake is over', async () => {
  const ledger = await filled('b1', people(1));
  await closeIntake(ledger, 'b1');
  await expect(filled('b1', people(1), ledger)).rejects.toMatchObject({ code: 'E_BATCH_BUSY' });
});

test('an id that belongs to other content is refused', async () => {
  const ledger = await filled('b1', people(1));
  const other = openBatch(ledger, { id: 'b1', ...about, digest: 'other' });
  await expect(other).rejects.toMatchObject({ code: 'E_BATCH_CONFLICT' });
});

test('a person of an unfinished batch is rejected by another, naming the batch', async () => {
  const ledger = await filled('first', people(2));
  await closeIntake(ledger, 'first');
  await filled('second', people(3), ledger);
  const rows = await all(reportRows(ledger, 'second'));
  expect(rows.map((row) => row.state)).toEqual(['rejected', 'rejected', 'pending']);
  expect(rows[0]).toMatchObject({ code: 'in-other-batch' });
  expect(rows[0]?.reason).toContain('first');
});

test('a batch whose producer died during intake holds nobody', async () => {
  const ledger = await filled('dead', people(2));
  await takeLock(ledger, 'next', { token: 'its producer', timings });
  await filled('next', people(2), ledger);
  expect(await reportOf(ledger, 'next', Date.now())).toMatchObject({ pending: 2, rejected: 0 });
  await filled('dead', people(2), ledger);
  expect(await reportOf(ledger, 'dead', Date.now())).toMatchObject({ pending: 0, rejected: 2 });
});

test('a row is settled once per round; who comes later is refused', async () => {
  const ledger = await filled('b1', people(3));
  const ref = { batch: 'b1', round: 1, row: 1 };
  const settle = (state: 'created' | 'failed') => settleRow(ledger, ref, { state, outcome: {} });
  const answers = await Promise.all([settle('created'), settle('failed'), settle('created')]);
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await noteRow(ledger, ref, { code: 'late' })).toBe(false);
  const report = await reportOf(ledger, 'b1', Date.now());
  expect(report.created + report.failed).toBe(1);
  expect(report.accepted).toBe(3);
});

test('a worker of another round cannot settle a row', async () => {
  const ledger = await filled('b1', people(1));
  const stale = { batch: 'b1', round: 2, row: 0 };
  expect(await settleRow(ledger, stale, { state: 'failed', outcome: {} })).toBe(false);
  expect((await readRow(ledger, stale)).state).toBe('settled');
  expect((await readRow(ledger, { ...stale, round: 1 })).state).toBe('pending');
});

test('a note stays with the pending row until it is settled', async () => {
  const ledger = await filled('b1', people(1));
  const ref = { batch: 'b1', round: 1, row: 0 };
  await noteRow(ledger, ref, { doubt: { kind: 'posting' } });
  expect(await readRow(ledger, ref)).toMatchObject({ outcome: { doubt: { kind: 'posting' } } });
});

test('a damaged row is recognized, with the fields that are wrong', async () => {
  const ledger = await filled('b1', people(1));
  await ledger.redis.hset(`${ledger.keys.rows('b1')}0`, '0', '{"file":"f","line":1,"person":{}}');
  const row = await readRow(ledger, { batch: 'b1', round: 1, row: 0 });
  expect(row).toMatchObject({ state: 'unreadable' });
  expect(JSON.stringify(row)).toContain('person.email');
});

test('pending rows come in slices of at most a thousand, in order', async () => {
  const ledger = await filled('b1', people(2500));
  await settleRow(ledger, { batch: 'b1', round: 1, row: 7 }, { state: 'failed', outcome: {} });
  const slices: number[][] = [];
  for await (const slice of rowsIn(ledger, 'b1', 'pending')) slices.push(slice);
  expect(slices.map((slice) => slice.length)).toEqual([999, 1000, 500]);
  expect(slices.flat()).toEqual([...Array(2500).keys()].filter((row) => row !== 7));
});

test('an unknown batch is one clear error', async () => {
  await expect(readBatch(openSpace(), 'nope')).rejects.toMatchObject({ code: 'E_BATCH_UNKNOWN' });
});

test('every key of the ledger starts with the prefix', () => {
  const { prefix, ...keys } = ledgerKeys('{x}');
  expect(prefix).toBe('{x}');
  const names = Object.values(keys).map((key) =>
    typeof key === 'string' ? key : key('b', 'pending'),
  );
  expect(names.filter((name) => !name.startsWith('{x}:'))).toEqual([]);
});

test('a lock has one holder, and one that was lost is not taken back unnoticed', async () => {
  const ledger = openSpace();
  expect(await takeLock(ledger, 'b1', { token: 'one', timings })).toBe(true);
  expect(await takeLock(ledger, 'b1', { token: 'two', timings })).toBe(false);
  expect(await keepLock(ledger, 'b1', { token: 'one', timings })).toBe(true);
  await releaseLock(ledger, 'b1', 'two');
  expect(await keepLock(ledger, 'b1', { token: 'one', timings })).toBe(true);
  await releaseLock(ledger, 'b1', 'one');
  expect(await keepLock(ledger, 'b1', { token: 'one', timings })).toBe(false);
});

test('a row whose text somebody replaced is named as damaged in the report', async () => {
  const ledger = await filled('b1', people(3));
  const { redis, keys } = ledger;
  await redis.hset(`${keys.rows('b1')}0`, { 1: 'forged', 2: '{"line":"x"}' });
  const rows = await all(reportRows(ledger, 'b1'));
  expect(rows.map(({ code }) => code)).toEqual(['', 'row-unreadable', 'row-unreadable']);
  expect(rows[1]?.reason).toBe("The ledger's copy is damaged: row.");
});

test('rows of a state are found in a few commands, however many thousand rows lie between them', async () => {
  const redis = new Redis((await ownRedis()).url);
  onRelease(() => redis.disconnect());
  const ledger = openLedger(redis, 'x');
  for (const row of [0, 7, 131_071, 131_072, 399_999]) {
    await redis.setbit(ledger.keys.is('b1', 'failed'), row, 1);
  }
  await redis.setbit(ledger.keys.is('b1', 'pending'), 399_999, 0);
  const before = await commands(redis);
  const slices: number[][] = [];
  for await (const rows of rowsIn(ledger, 'b1', 'failed')) slices.push(rows);
  expect(slices).toEqual([[0, 7], [131_071, 131_072], [399_999]]);
  expect((await commands(redis)) - before).toBeLessThan(12);
});

async function commands(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
