import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { markRows } from '../../src/ledger/rows/marks.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import {
  type PageRow,
  type RowFilter,
  type RowPage,
  readRowPage,
  toRowFilter,
} from '../../src/overview/row-page.ts';
import { fill, openSpace } from '../ledger/fill.ts';
import { people, person } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { clientOf } from '../support/space.ts';

/** A batch of which every tenth row failed, in turn with two codes, every fifth has a mark. */
async function filled(ledger: Ledger, count: number): Promise<void> {
  await fill(ledger, 'b1', people(count));
  await closeIntake(ledger, 'b1');
  const tenths = Array.from({ length: count / 10 }, (_, index) => index * 10);
  await Promise.all(
    tenths.map((row) => {
      const outcome = { code: row % 20 === 0 ? 'timeout' : 'reset', reason: 'r' };
      return settleRow(ledger, { batch: 'b1', round: 1, row }, { state: 'failed', outcome });
    }),
  );
  await markRows(ledger, 'b1', { rows: tenths, set: ['other-role'] });
  await markRows(ledger, 'b1', { rows: tenths.map((row) => row + 5), set: ['other-role-before'] });
}

/** All pages in turn from the first one on, or from the last one back. */
async function pages(ledger: Ledger, filter: RowFilter, size: number): Promise<RowPage[]> {
  const found: RowPage[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const page: RowPage = await readRowPage({ ledger }, 'b1', { filter, from, size });
    found.push(page);
    from = page.next;
  }
  return found;
}

const numbers = (page: RowPage | undefined) => page?.rows.map(({ row }: PageRow) => row);

test('pages of failed people follow each other without a gap, each with its place', async () => {
  const ledger = openSpace();
  await filled(ledger, 200);
  const [first, second, third, ...others] = await pages(ledger, { state: 'failed' }, 8);
  expect(numbers(first)).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
  expect(first).toMatchObject({ total: 20, first: 1, next: 80, previous: undefined });
  expect(numbers(second)).toEqual([80, 90, 100, 110, 120, 130, 140, 150]);
  expect(second).toMatchObject({ total: 20, first: 9, next: 160, previous: 0 });
  expect(numbers(third)).toEqual([160, 170, 180, 190]);
  expect(third).toMatchObject({ total: 20, first: 17, next: undefined, previous: 80 });
  expect(others).toEqual([]);
  expect(second?.rows[1]).toMatchObject({ email: 'p90@example.com', code: 'reset', reason: 'r' });
});

test('a page back from one that began between two pages shows nobody twice', async () => {
  const ledger = openSpace();
  await filled(ledger, 200);
  const at = (from: number) =>
    readRowPage({ ledger }, 'b1', { filter: { state: 'failed' }, from, size: 8 });
  const page = await at(41);
  expect([numbers(page)?.[0], page.first, page.previous]).toEqual([50, 6, 0]);
  expect(numbers(await at(page.previous ?? -1))?.slice(0, 5)).toEqual([0, 10, 20, 30, 40]);
});

test.each<[RowFilter, number[], number]>([
  [{ state: 'failed', code: 'timeout' }, [0, 20, 40], 10],
  [{ state: 'failed', code: 'unheard-of' }, [], 0],
  [{ state: 'failed', code: 'x y:z' }, [], 0],
  [{ state: 'pending', code: 'timeout' }, [1, 2, 3], 180],
  [{ mark: 'role-differs' }, [0, 5, 10], 40],
  [{ mark: 'role-differs', state: 'pending' }, [5, 15, 25], 20],
  [{ mark: 'role-differs', state: 'failed', code: 'reset' }, [10, 30, 50], 10],
  [{ mark: 'unmailed' }, [], 0],
  [{}, [0, 1, 2], 200],
])('the filter %j picks its rows and counts them', async (filter, rows, total) => {
  const ledger = openSpace();
  await filled(ledger, 200);
  const page = await readRowPage({ ledger }, 'b1', { filter, from: 0, size: 3 });
  expect([numbers(page), page.total]).toEqual([rows, total]);
  expect(page.first).toBe(total === 0 ? 0 : 1);
  const all = await pages(ledger, filter, 37);
  expect(all.flatMap((each) => each.rows)).toHaveLength(total);
  expect(all.map(({ first }) => first)).toEqual(
    all.map((_, at) => (total === 0 ? 0 : at * 37 + 1)),
  );
});

test('words of an address that name no state and no mark filter nothing', () => {
  const known = { state: 'failed', code: 'timeout', mark: 'role-differs' };
  expect(toRowFilter(known)).toEqual(known);
  const other = toRowFilter({ state: 'constructor', mark: 'groupless' });
  expect(other).toEqual({ state: undefined, code: undefined, mark: undefined });
});

test('rejected people and duplicates have pages, too, and a page after the last is empty', async () => {
  const ledger = openSpace();
  const at = { file: 'people.csv', line: 4 };
  const faults = [{ field: 'email', code: 'email-missing', value: '', reason: 'Empty.' }];
  const twice = [person('a@example.com'), person('a@example.com', 1)];
  await fill(ledger, 'b1', [...twice, { kind: 'rejected', at, raw: { lastName: 'Lee' }, faults }]);
  const of = (filter: RowFilter, from = 0) =>
    readRowPage({ ledger }, 'b1', { filter, from, size: 5 });
  const rejected = await of({ state: 'rejected' });
  expect(rejected).toMatchObject({ rows: [{ row: 2, line: 4, code: 'email-missing' }], total: 1 });
  expect(await of({ state: 'duplicate' })).toMatchObject({
    rows: [{ row: 1 }],
    total: 1,
    first: 1,
  });
  const empty = { rows: [], total: 3, first: 0, next: undefined, previous: 0 };
  expect(await of({}, 3)).toEqual(empty);
  expect(await of({ state: 'pending' }, 9)).toEqual({ ...empty, total: 1 });
});

test('a batch that does not exist is named with the batches most like it', async () => {
  const ledger = openSpace();
  await fill(ledger, 'import-1', people(1));
  const page = readRowPage({ ledger }, 'import-2', { filter: {}, from: 0, size: 5 });
  await expect(page).rejects.toMatchObject({
    code: 'E_BATCH_UNKNOWN',
    details: { near: ['import-1'] },
  });
});

/** Calls of each command, those of scripts included, and bytes that were answered. */
async function costOf(redis: Redis, work: () => Promise<unknown>) {
  const calls = async () => {
    const lines = (await redis.info('commandstats')).match(/^cmdstat_\w+:calls=\d+/gm) ?? [];
    return new Map(
      lines.map((line) => line.slice(8).split(':calls=')).map(([a, b]) => [a, Number(b)]),
    );
  };
  const [before, bytes] = [await calls(), redis.stream.bytesRead];
  await work();
  const read = redis.stream.bytesRead - bytes;
  const counts = [...(await calls())].map(([name, count]) => {
    return [name, count - (before.get(name) ?? 0)] as const;
  });
  const made = counts.filter(([name, count]) => count > 0 && name !== 'info');
  return { commands: Object.fromEntries(made), read };
}

test.each<[string, RowFilter, number]>([
  ['failed people', { state: 'failed' }, 30],
  ['people of one reason', { state: 'failed', code: 'timeout' }, 60],
  ['all people', {}, 3],
])('a page of %s costs the same in 20,000 rows as in 200', async (_, filter, lastRows) => {
  const redis = clientOf((await ownRedis()).url);
  const [small, large] = [openLedger(redis, '{small}'), openLedger(redis, '{large}')];
  await filled(small, 200);
  await filled(large, 20_000);
  const costs = async (ledger: Ledger, count: number) => {
    const at = (from: number) => readRowPage({ ledger }, 'b1', { filter, from, size: 3 });
    await at(0);
    const found = [];
    for (const from of [0, count / 2, count - lastRows]) {
      found.push(await costOf(redis, () => at(from)));
    }
    return found;
  };
  const [ofSmall, ofLarge] = [await costs(small, 200), await costs(large, 20_000)];
  // Bits of a row's byte are read one by one: seven at most.
  const rounded = (all: typeof ofSmall) => all.map(({ commands }) => ({ ...commands, getbit: 0 }));
  expect(rounded(ofLarge)).toEqual(rounded(ofSmall));
  for (const [index, { read, commands }] of ofLarge.entries()) {
    expect(Number(commands.getbit)).toBeLessThan(3 * 17 + 8 * 7 + 1);
    // Two bitmaps of 2,500 bytes in place of 25, and longer numbers.
    expect(read - (ofSmall[index]?.read ?? 0)).toBeLessThan(2 * 2500 + 200);
  }
});
