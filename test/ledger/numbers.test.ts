import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  type Batch,
  beginInviting,
  closeIntake,
  finish,
  openGate,
  readBatch,
} from '../../src/ledger/batch/batches.ts';
import { reportOf } from '../../src/ledger/batch/numbers.ts';
import { chooseInvitees } from '../../src/ledger/invites/invitees.ts';
import { noteInviteAccepted, noteInviteSending } from '../../src/ledger/invites/invites.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { bitmapOf, setPositions } from '../../src/ledger/rows/bitmap.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import {
  reportRows,
  type Selection,
  storedRows,
  toReportRow,
} from '../../src/ledger/rows/stored-rows.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { people, person } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { redisSpace } from '../support/space.ts';
import { fill, fillCreated, openSpace, settle } from './fill.ts';

test('the counts add up in every state of the work', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', [...people(4), person('p0@example.com')]);
  await closeIntake(ledger, 'b1');
  for (const [row, state] of (['created', 'existing', 'failed'] as const).entries()) {
    await settle(ledger, 'b1', row, state);
    const report = await reportOf(ledger, 'b1', Date.now());
    const { accepted, pending, created, existing, failed, cancelled } = report;
    expect(accepted).toBe(pending + created + existing + failed + cancelled);
    expect(report.total).toBe(accepted + report.rejected + report.duplicates);
    expect(pending).toBe(3 - row);
  }
});

test('types are those of the accepted rows, however often a slice is recorded', async () => {
  const ledger = openSpace();
  const rows = people(6).map((row, index): NewRow => {
    if (row.kind !== 'person' || index > 2) return row;
    return { ...row, person: { ...row.person, type: index === 0 ? 'DocSpaceAdmin' : 'RoomAdmin' } };
  });
  const twin = rows.slice(1, 2);
  for (const _ of ['a producer', 'its successor']) await fill(ledger, 'b1', [...rows, ...twin]);
  await closeIntake(ledger, 'b1');
  const types = { User: 3, RoomAdmin: 2, DocSpaceAdmin: 1 };
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject({ accepted: 6, duplicates: 1, types });
  await settle(ledger, 'b1', 0, 'failed');
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject({ failed: 1, types });
});

test('an administrator whom intake rejects the second time is not counted', async () => {
  const ledger = openSpace();
  const [row] = people(1);
  if (row?.kind !== 'person') throw new Error('no person');
  const faults = [{ field: 'firstName', code: 'required', value: '', reason: 'Empty.' }];
  const first: NewRow = { ...row, person: { ...row.person, type: 'All' } };
  await fill(ledger, 'b1', [first]);
  await fill(ledger, 'b1', [{ kind: 'rejected', at: row.at, raw: {}, faults }]);
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject({ accepted: 0, types: {} });
});

test('a row that is settled during the report is counted once', async () => {
  const { redis, prefix } = redisSpace();
  const settling = openLedger(redis.duplicate(), prefix);
  onRelease(() => settling.redis.disconnect());
  await fill(settling, 'b1', people(60));
  const send = redis.sendCommand.bind(redis);
  let row = 0;
  let before = Promise.resolve();
  redis.sendCommand = async (...command: Parameters<typeof send>) => {
    before = before.then(() => settle(settling, 'b1', row++, 'created'));
    await before;
    return send(...command);
  };
  const report = await reportOf(openLedger(redis, prefix), 'b1', Date.now());
  redis.sendCommand = send;
  expect(row).toBeGreaterThan(1);
  expect(report.accepted).toBe(60);
});

test('the times and the hold follow the batch', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(1));
  await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'm', since: 1 });
  const now = Date.now() + 5000;
  const running = await reportOf(ledger, 'b1', now);
  expect(running).toMatchObject({ state: 'processing', hold: 'portal-unpaid', finishedAt: null });
  expect(running.durationMs).toBe(now - Date.parse(running.startedAt));
  await beginInviting(ledger, 'b1');
  expect((await reportOf(ledger, 'b1', now)).state).toBe('inviting');
  expect(await finish(ledger, 'b1')).toBe(true);
  const over = await reportOf(ledger, 'b1', now);
  expect(over).toMatchObject({ state: 'finished', hold: null });
  expect(Date.parse(over.finishedAt ?? '')).toBe(Date.parse(over.startedAt) + over.durationMs);
});

test('a batch is not finished while a row is pending, and finished once', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(1));
  await closeIntake(ledger, 'b1');
  expect(await finish(ledger, 'b1')).toBe(false);
  await settle(ledger, 'b1', 0, 'failed');
  expect([await finish(ledger, 'b1'), await finish(ledger, 'b1')]).toEqual([true, false]);
});

/** Rows of the next invite request. */
async function nextRows(ledger: Ledger, batch: Batch): Promise<number[]> {
  return setPositions((await chooseInvitees(ledger, batch)).rows, 0);
}

test('created rows are invited by an accepted request, and by no other', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(3));
  const batch = await readBatch(ledger, 'b1');
  expect(await nextRows(ledger, batch)).toEqual([0, 1, 2]);
  expect(await noteInviteSending(ledger, batch, 3)).toBe(0);
  expect(await noteInviteSending(ledger, batch, 3)).toBe(1);
  await noteInviteAccepted(ledger, 'b1', bitmapOf([0, 1, 2]));
  expect(await nextRows(ledger, batch)).toEqual([]);
  const report = { invited: 3, inviteRequests: 2, unansweredInvites: 1 };
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject(report);
});

test('an accepted request is noted also when Redis has lost the note of its sending', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(3));
  await noteInviteAccepted(ledger, 'b1', bitmapOf([0, 2]));
  const batch = await readBatch(ledger, 'b1');
  expect(await nextRows(ledger, batch)).toEqual([1]);
  const report = { invited: 2, inviteRequests: 1, unansweredInvites: 0 };
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject(report);
});

test('with an invite size, invitees come in parts and each row is invited once', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(20));
  await settle(ledger, 'b1', 20, 'failed');
  const batch = { ...(await readBatch(ledger, 'b1')), inviteSize: 8 };
  const parts: number[][] = [];
  for (;;) {
    const rows = await nextRows(ledger, batch);
    if (rows.length === 0) break;
    parts.push(rows);
    await noteInviteSending(ledger, batch, rows.length);
    await noteInviteAccepted(ledger, 'b1', bitmapOf(rows));
  }
  expect(parts.map((rows) => rows.length)).toEqual([8, 8, 4]);
  expect(parts.flat()).toEqual(Array.from({ length: 20 }, (_, row) => row));
  expect(await reportOf(ledger, 'b1', 0)).toMatchObject({ invited: 20, inviteRequests: 3 });
});

test('a damaged row is still reported, as far as it can be read', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(2));
  await ledger.redis.hset(`${ledger.keys.rows('b1')}0`, '0', '{"file":');
  const emails: string[] = [];
  for await (const row of reportRows(ledger, 'b1')) emails.push(`${row.state} ${row.email}`);
  expect(emails).toEqual(['pending ', 'pending p1@example.com']);
});

test('rows are picked by state and from a row on, however far apart they are', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(5200));
  for (const [row, state] of [
    [3, 'failed'],
    [999, 'created'],
    [1000, 'failed'],
    [5199, 'failed'],
  ] as const) {
    await settle(ledger, 'b1', row, state);
  }
  const rowsOf = async (selection: Selection) => {
    const rows: string[] = [];
    for await (const stored of storedRows(ledger, 'b1', selection)) {
      rows.push(`${stored.row} ${stored.state} ${toReportRow(stored).email}`);
    }
    return rows;
  };
  const failed = [3, 1000, 5199].map((row) => `${row} failed p${row}@example.com`);
  expect(await rowsOf({ states: ['failed'] })).toEqual(failed);
  expect(await rowsOf({ states: ['failed'], from: 4 })).toEqual(failed.slice(1));
  expect(await rowsOf({ states: ['failed', 'created'], from: 999 })).toEqual([
    '999 created p999@example.com',
    ...failed.slice(1),
  ]);
  expect(await rowsOf({ states: ['existing'] })).toEqual([]);
  expect(await rowsOf({ from: 5198 })).toEqual([
    '5198 pending p5198@example.com',
    '5199 failed p5199@example.com',
  ]);
  expect(await rowsOf({ from: 5200 })).toEqual([]);
});

test('100,000 rows are reported with flat memory', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(100_000));
  const heap = heapMeter();
  const heapAt: number[] = [];
  let rows = 0;
  for await (const _ of reportRows(ledger, 'b1')) {
    rows += 1;
    if (rows % 20_000 === 0) heapAt.push(heap());
  }
  expect(rows).toBe(100_000);
  const [first = 0] = heapAt;
  // The 80,000 rows in between would take 30 MB and more in memory.
  expect(Math.max(...heapAt) - first).toBeLessThan(8);
});

/** Measures the heap after a collection, in MB. */
function heapMeter(): () => number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return () => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
}

test('a gate that is opened of a batch that was purged brings nothing back', async () => {
  const ledger = openSpace();
  await openGate(ledger, 'gone');
  expect(await ledger.redis.exists(ledger.keys.record('gone'))).toBe(0);
});
