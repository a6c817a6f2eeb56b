import { expect, test } from 'vitest';
import { closeIntake, finish, openBatch, readBatch } from '../../src/ledger/batch/batches.ts';
import { beginRound, reopen } from '../../src/ledger/batch/rounds.ts';
import { noteInviteAccepted, noteInviteSending } from '../../src/ledger/invites/invites.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { removeBatch } from '../../src/ledger/removal/retention.ts';
import { bitmapOf } from '../../src/ledger/rows/bitmap.ts';
import { type PersonRow, personRows } from '../../src/ledger/rows/person-rows.ts';
import { encodeRow, type NewRow, recordRows } from '../../src/ledger/rows/record-rows.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { emailHash } from '../../src/people/email-hash.ts';
import { people, person } from '../support/people.ts';
import { fill, fillCreated, openSpace, settle } from './fill.ts';

async function found(ledger: Ledger, email: string): Promise<PersonRow[]> {
  const rows: PersonRow[] = [];
  for await (const row of personRows(ledger, email, () => undefined)) rows.push(row);
  return rows;
}

const told = (rows: readonly PersonRow[]) =>
  rows.map(({ batchId, line, state, code }) => `${batchId} ${line} ${state} ${code}`.trim());

/** Bytes of a batch's index, without the overhead of Redis. */
async function indexBytes({ redis, keys }: Ledger, batch: string): Promise<number> {
  let bytes = 0;
  for await (const names of redis.scanStream({ match: `${keys.emails(batch)}*` })) {
    for (const name of names) bytes += await redis.strlen(name);
  }
  return bytes;
}

test('every row of a person is found in every batch, whatever became of it', async () => {
  const ledger = openSpace();
  const raw = { email: 'ANA@example.com ', firstName: '', lastName: '' };
  const faults = [{ field: 'firstName', code: 'name-missing', value: '', reason: 'missing' }];
  const rejected: NewRow = { kind: 'rejected', at: { file: 'f', line: 9 }, raw, faults };
  await fillCreated(ledger, 'b1', [person('ana@example.com'), person('bo@example.com', 1)]);
  await finish(ledger, 'b1');
  await ledger.redis.zadd(ledger.keys.batches, 1, 'b1');
  const second = [person('bo@example.com'), person('Ana@example.com', 1), rejected];
  await fill(ledger, 'b2', [...second, person('aNa@example.com', 3)]);
  await closeIntake(ledger, 'b2');
  await ledger.redis.zadd(ledger.keys.batches, 2, 'b2');
  await fill(ledger, 'b3', [person('ANA@EXAMPLE.COM', 5)]);
  const rows = await found(ledger, ' ana@Example.com');
  expect(told(rows)).toEqual([
    'b3 7 rejected in-other-batch',
    'b2 3 pending',
    'b2 9 rejected name-missing',
    'b2 5 duplicate duplicate',
    'b1 2 created c',
  ]);
  expect(rows.at(-1)).toMatchObject({ batchState: 'finished', portalId: 'id-0', attempts: 1 });
  expect(told(await found(ledger, 'bo@example.com'))).toEqual(['b2 2 pending', 'b1 3 created c']);
  expect(await found(ledger, 'an@example.com')).toEqual([]);
});

test('an address is found in whichever Unicode form it is asked for', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', [person('jos\u00e9@example.com')]);
  expect(told(await found(ledger, 'Jose\u0301@example.com'))).toEqual(['b1 2 pending']);
});

test('each of many people is found in one row, the own one', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(5000));
  for (let row = 0; row < 5000; row += 97) {
    const [one, ...others] = await found(ledger, `p${row}@example.com`);
    expect([one?.email, others]).toEqual([`p${row}@example.com`, []]);
  }
  expect(await indexBytes(ledger, 'b1')).toBe(5000 * 8);
});

test('a person who shares a part of the hash is not taken for another', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(2));
  const hash = emailHash('p1@example.com');
  const other = Buffer.concat([Buffer.from(hash.slice(1, 5)), Buffer.alloc(4)]);
  await ledger.redis.append(ledger.keys.emails('b1') + hash.slice(0, 1), other);
  const rows = await found(ledger, 'p1@example.com');
  expect(rows.map((row) => row.email)).toEqual(['p1@example.com']);
});

test('a producer that starts its file again adds nobody twice', async () => {
  const ledger = openSpace();
  const rows = [...people(1500), person('p3@example.com', 1500)];
  await fill(ledger, 'b1', rows);
  await recordRows(ledger, { batch: 'b1', first: 0, rows: rows.slice(0, 1000).map(encodeRow) });
  expect(told(await found(ledger, 'p3@example.com'))).toEqual([
    'b1 5 pending',
    'b1 1502 duplicate duplicate',
  ]);
  expect(await indexBytes(ledger, 'b1')).toBe(1501 * 8);
});

test('the end of a row has its time, and earlier rounds are in its history', async () => {
  const ledger = openSpace();
  const before = Date.now();
  await fill(ledger, 'b1', people(2));
  await closeIntake(ledger, 'b1');
  expect(await found(ledger, 'p0@example.com')).toMatchObject([{ settledAt: null, round: 1 }]);
  await settle(ledger, 'b1', 0, 'failed');
  await settle(ledger, 'b1', 1, 'failed');
  await finish(ledger, 'b1');
  for (const round of [2, 3]) {
    await beginRound(ledger, 'b1', ['finished']);
    // The second person is opened again in round 3 only.
    expect(await reopen(ledger, 'b1', round === 2 ? [0] : [0, 1])).toBe(round - 1);
    const [waits] = await found(ledger, 'p0@example.com');
    expect(waits).toMatchObject({ state: 'pending', round, settledAt: null });
    const end = { state: 'failed' as const, outcome: { code: `r${round}`, attempts: round } };
    for (const row of [0, 1]) await settleRow(ledger, { batch: 'b1', round, row }, end);
    await finish(ledger, 'b1');
  }
  const [first] = await found(ledger, 'p0@example.com');
  expect(first).toMatchObject({ round: 3, code: 'r3', attempts: 3 });
  expect(first?.history).toMatchObject([
    { round: 1, state: 'failed', code: 'c', reason: 'r', attempts: 1 },
    { round: 2, state: 'failed', code: 'r2', attempts: 2 },
  ]);
  const [second] = await found(ledger, 'p1@example.com');
  expect(second).toMatchObject({ round: 3, history: [{ round: 1, code: 'c' }] });
  const times = [...(first?.history ?? []), first].map((end) => Date.parse(end?.settledAt ?? ''));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  // Redis reads the clock of this machine too.
  expect(Math.abs((times[0] ?? 0) - before)).toBeLessThan(60_000);
});

test('the time of the invite is shown when there was only one request', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(3));
  const batch = await readBatch(ledger, 'b1');
  await noteInviteSending(ledger, batch, 1);
  await noteInviteAccepted(ledger, 'b1', bitmapOf([0]));
  const [invited] = await found(ledger, 'p0@example.com');
  expect(invited).toMatchObject({ invited: true, invitedAt: expect.stringMatching(/^20.*Z$/) });
  const [other] = await found(ledger, 'p1@example.com');
  expect(other).toMatchObject({ invited: false, invitedAt: null });
  await noteInviteSending(ledger, batch, 1);
  await noteInviteAccepted(ledger, 'b1', bitmapOf([1]));
  expect(await found(ledger, 'p0@example.com')).toMatchObject([{ invited: true, invitedAt: null }]);
});

test('a batch that was purged, or is being so, has nobody', async () => {
  const ledger = openSpace();
  await fillCreated(ledger, 'b1', people(2));
  await finish(ledger, 'b1');
  await openBatch(ledger, {
    id: 'b2',
    digest: 'd',
    portal: 'https://p.example',
    inviteType: 'All',
  });
  const { redis, keys } = ledger;
  expect(await found(ledger, 'p0@example.com')).toHaveLength(1);
  await redis.rename(keys.record('b1'), keys.record('b9'));
  expect(await found(ledger, 'p0@example.com')).toEqual([]);
  await redis.rename(keys.record('b9'), keys.record('b1'));
  await removeBatch(ledger, 'b1', () => Promise.resolve());
  expect(await found(ledger, 'p0@example.com')).toEqual([]);
});
