import { expect, test, vi } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import { gathered } from '../../src/ledger/gathered.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { admitRow } from '../../src/ledger/rows/pending-row.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { type RowEnd, rowsIn, settleRow } from '../../src/ledger/rows/rows.ts';
import { reportRows } from '../../src/ledger/rows/stored-rows.ts';
import { people } from '../support/people.ts';
import { fill, openSpace } from './fill.ts';

const batch = 'b1';

/** A batch at work. */
async function begin(ledger: Ledger, rows: NewRow[]): Promise<void> {
  await fill(ledger, batch, rows);
  await closeIntake(ledger, batch);
}

/** Doubles numbers, group by group, and notes the calls; `answer` may fail. */
function doubling(answer: (items: readonly number[]) => void = () => undefined) {
  const calls: (readonly number[])[] = [];
  const double = gathered<number, number>({
    groupOf: (item) => (item % 2 === 0 ? 'even' : 'odd'),
    run: async (_, items) => {
      calls.push(items);
      answer(items);
      return items.map((item) => 2 * item);
    },
  });
  return { calls, double };
}

test('the items of one turn go together by group, and each gets its own reply', async () => {
  const ledger = openSpace();
  const { calls, double } = doubling();
  expect(await Promise.all([1, 2, 3, 4].map((item) => double(ledger, item)))).toEqual([2, 4, 6, 8]);
  expect(calls).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(await double(ledger, 5)).toBe(10);
  expect(calls).toHaveLength(3);
});

test('those of two ledgers never meet', async () => {
  const { calls, double } = doubling();
  await Promise.all([double(openSpace(), 1), double(openSpace(), 3)]);
  expect(calls).toEqual([[1], [3]]);
});

test('a call takes fifty items', async () => {
  const ledger = openSpace();
  const { calls, double } = doubling();
  const odd = Array.from({ length: 120 }, (_, index) => 2 * index + 1);
  expect(await Promise.all(odd.map((item) => double(ledger, item)))).toEqual(
    odd.map((item) => 2 * item),
  );
  expect(calls.map((items) => items.length)).toEqual([50, 50, 20]);
});

test('a call that a value makes fail is tried again item by item', async () => {
  const { calls, double } = doubling((items) => {
    const damage = Object.assign(new Error('WRONGTYPE Operation'), { name: 'ReplyError' });
    if (items.includes(3)) throw damage;
  });
  const ledger = openSpace();
  const ends = await Promise.allSettled([1, 3, 5].map((item) => double(ledger, item)));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(calls).toEqual([[1, 3, 5], [1], [3], [5]]);
});

test('trouble of Redis is that of every item, and nothing is sent again', async () => {
  const { calls, double } = doubling(() => {
    throw new Error('Connection is closed.');
  });
  const ledger = openSpace();
  const ends = await Promise.allSettled([1, 3].map((item) => double(ledger, item)));
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(calls).toEqual([[1, 3]]);
});

const ref = (row: number, round = 1) => ({ batch, round, row });
const created: RowEnd = { state: 'created', outcome: {} };

test('rows of several hashes are settled in one trip, each with its own end and marks', async () => {
  const ledger = openSpace();
  await begin(ledger, people(205));
  const sending = vi.spyOn(ledger.redis, 'evalsha');
  const settled = await Promise.all([
    settleRow(ledger, ref(0), { ...created, marks: ['other-role', 'not-invitable'] }),
    settleRow(ledger, ref(204), { state: 'failed', outcome: { code: 'bad-request', reason: 'r' } }),
    settleRow(ledger, ref(0), { state: 'failed', outcome: { code: 'late' } }),
    settleRow(ledger, ref(1, 2), created),
    settleRow(ledger, ref(101), { state: 'existing', outcome: { portalId: 'a1' } }),
  ]);
  expect(settled).toEqual([true, true, false, false, true]);
  // The row of another round goes by itself.
  expect(sending).toHaveBeenCalledTimes(2);
  const ends: string[] = [];
  for await (const { state } of reportRows(ledger, batch)) ends.push(state);
  expect([0, 1, 101, 204].map((row) => ends[row])).toEqual([
    'created',
    'pending',
    'existing',
    'failed',
  ]);
  for (const mark of ['other-role', 'not-invitable']) {
    expect(await ledger.redis.getbit(ledger.keys.marks(batch) + mark, 0)).toBe(1);
  }
});

const asking = { queue: 'create-user', probeMs: 1000, pollMs: 100 };
const portal = 'https://p.example';

test('rows are admitted in one trip: each with its own person, and a settled one without', async () => {
  const ledger = openSpace();
  await begin(ledger, people(3));
  await settleRow(ledger, ref(1), created);
  const sending = vi.spyOn(ledger.redis, 'evalsha');
  const admitted = await Promise.all(
    [0, 1, 2].map((row) =>
      admitRow(ledger, { ref: ref(row), asking: { ...asking, token: `t${row}` }, portal, at: 5 }),
    ),
  );
  expect(sending).toHaveBeenCalledTimes(1);
  expect(admitted.map(({ isPosting }) => isPosting)).toEqual([true, false, true]);
  expect(admitted.map(({ row }) => row.state)).toEqual(['pending', 'settled', 'pending']);
  const emails = admitted.map(({ row }) => row.state === 'pending' && row.person.email);
  expect(emails).toEqual(['p0@example.com', false, 'p2@example.com']);
});

test('of rows that ask together in an outage one is the probe, and the others wait', async () => {
  const ledger = openSpace();
  await begin(ledger, people(3));
  await ledger.redis.hset(ledger.keys.outage, { until: 0, wait: 0 });
  const admitted = await Promise.all(
    [0, 1, 2].map((row) =>
      admitRow(ledger, { ref: ref(row), asking: { ...asking, token: `t${row}` }, portal, at: 5 }),
    ),
  );
  expect(admitted.map(({ isProbe }) => isProbe)).toEqual([true, false, false]);
  expect(admitted.map(({ waitMs }) => waitMs > 0)).toEqual([false, true, true]);
});

test.each(['states', 'marks', 'because'] as const)(
  'a row that cannot be settled for damage of %s stays to be done, with its doubt',
  async (name) => {
    const ledger = openSpace();
    await begin(ledger, people(2));
    const asked = { ...asking, token: 't' };
    await admitRow(ledger, { ref: ref(0), asking: asked, portal, at: 5 });
    const end = {
      state: 'failed',
      outcome: { code: 'bad-request' },
      marks: ['half-made'],
    } as const;
    const of = { states: 'failed', marks: 'half-made', because: 'bad-request' };
    await ledger.redis.hset(ledger.keys[name](batch) + of[name], 'no', 'bitmap');
    await expect(settleRow(ledger, ref(0), end)).rejects.toThrow('WRONGTYPE');
    expect(await ledger.redis.getbit(ledger.keys.is(batch, 'pending'), 0)).toBe(1);
    const outcome = await ledger.redis.hget(`${ledger.keys.outcomes(batch)}0`, '0');
    expect(JSON.parse(outcome ?? '')).toEqual({ doubt: { kind: 'posting', at: 5 } });
  },
);

test('damage of one hash stops its own rows only', async () => {
  const ledger = openSpace();
  await begin(ledger, people(150));
  await ledger.redis.set(`${ledger.keys.outcomes(batch)}1`, 'no hash');
  const ends = await Promise.allSettled(
    [0, 120, 1].map((row) => settleRow(ledger, ref(row), created)),
  );
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const rows: number[] = [];
  for await (const list of rowsIn(ledger, batch, 'created')) rows.push(...list);
  expect(rows).toEqual([0, 1]);
  // A row that could not be written stays to be done.
  expect(await ledger.redis.getbit(ledger.keys.is(batch, 'pending'), 120)).toBe(1);
});
