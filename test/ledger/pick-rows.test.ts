import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import {
  countPicked,
  type Picking,
  pickedBefore,
  pickedFrom,
  pickedSlices,
} from '../../src/ledger/rows/pick-rows.ts';
import { openSpace } from './fill.ts';

/** Rows at both sides of where one piece of a bitmap ends and the next begins. */
const FAILED = [0, 7, 131_071, 131_072, 262_143, 300_000, 399_999];
const MARKED = [7, 8, 131_072, 300_000];
const END = 400_000;

async function opened(): Promise<{ ledger: Ledger; failed: Picking; both: Picking; any: Picking }> {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  const [state, mark] = [keys.is('b1', 'failed'), `${keys.marks('b1')}unmailed`];
  const bits = [...FAILED.map((row) => [state, row]), ...MARKED.map((row) => [mark, row])] as const;
  await Promise.all(bits.map(([key, row]) => redis.setbit(String(key), Number(row), 1)));
  await redis.setbit(keys.is('b1', 'pending'), END - 1, 0);
  return { ledger, failed: [[state]], both: [[state], [mark]], any: [[state, mark]] };
}

test('rows of a million are found across the pieces of a bitmap, each once', async () => {
  const { ledger, failed } = await opened();
  const from = (row: number, count: number) =>
    pickedFrom(ledger, failed, { from: row, count, end: END });
  expect(await from(0, 99)).toEqual(FAILED);
  expect(await from(1, 3)).toEqual([7, 131_071, 131_072]);
  expect(await from(131_072, 2)).toEqual([131_072, 262_143]);
  expect(await from(399_999, 5)).toEqual([399_999]);
  expect(await from(END, 5)).toEqual([]);
});

test('rows before a row are found backwards, nearest pieces first, in their order', async () => {
  const { ledger, failed } = await opened();
  const before = (row: number, count: number) =>
    pickedBefore(ledger, failed, { before: row, count, end: END });
  expect(await before(END, 99)).toEqual(FAILED);
  expect(await before(10 * END, 2)).toEqual([300_000, 399_999]);
  expect(await before(262_143, 3)).toEqual([7, 131_071, 131_072]);
  expect(await before(131_072, 1)).toEqual([131_071]);
  expect(await before(0, 5)).toEqual([]);
});

test('two conditions pick the rows that have both, one with two bitmaps those of either', async () => {
  const { ledger, both, any } = await opened();
  const all = { from: 0, count: 99, end: END };
  expect(await pickedFrom(ledger, both, all)).toEqual([7, 131_072, 300_000]);
  expect(await pickedFrom(ledger, any, all)).toEqual([...FAILED, 8].sort((a, b) => a - b));
  expect(await countPicked(ledger, both, { before: 300_000, end: END })).toEqual({
    total: 3,
    before: 2,
  });
});

test('every picked row comes in slices of at most a thousand', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  await redis.set(keys.is('b1', 'failed'), Buffer.alloc(300, 0xff));
  await redis.setbit(keys.is('b1', 'pending'), 2399, 0);
  const slices: number[][] = [];
  for await (const rows of pickedSlices(ledger, 'b1', [[keys.is('b1', 'failed')]])) {
    slices.push(rows);
  }
  expect(slices.map(({ length }) => length)).toEqual([1000, 1000, 400]);
  expect(slices.flat()).toEqual(Array.from({ length: 2400 }, (_, row) => row));
});
