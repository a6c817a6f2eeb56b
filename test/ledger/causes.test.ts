import { expect, test } from 'vitest';
import { closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { beginRound, closeRound, reopen } from '../../src/ledger/batch/rounds.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { causesOf } from '../../src/ledger/rows/causes.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { people } from '../support/people.ts';
import { fill, openSpace, settle } from './fill.ts';

function fail(ledger: Ledger, row: number, code: string | undefined, round = 1) {
  const outcome = { ...(code === undefined ? {} : { code }), reason: `reason of ${row}` };
  return settleRow(ledger, { batch: 'b1', round, row }, { state: 'failed', outcome });
}

async function opened(count: number): Promise<Ledger> {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(count));
  await closeIntake(ledger, 'b1');
  return ledger;
}

test('failed rows are grouped by code, the most frequent first, with their first row', async () => {
  const ledger = await opened(210);
  for (const row of [205, 7, 101]) await fail(ledger, row, 'timeout');
  await fail(ledger, 3, 'bad-request');
  await fail(ledger, 4, undefined);
  await settle(ledger, 'b1', 0, 'created');
  const example = { file: 'people.csv', line: 9, email: 'p7@example.com', reason: 'reason of 7' };
  const causes = await causesOf(ledger, 'b1');
  expect(causes.map(({ code, count }) => [code, count])).toEqual([
    ['timeout', 3],
    ['bad-request', 1],
    ['unknown', 1],
  ]);
  expect(causes[0]?.example).toEqual(example);
});

test('a row that failed twice in a round is counted once, as it failed first', async () => {
  const ledger = await opened(2);
  expect([await fail(ledger, 1, 'timeout'), await fail(ledger, 1, 'reset')]).toEqual([true, false]);
  expect((await causesOf(ledger, 'b1')).map(({ code, count }) => [code, count])).toEqual([
    ['timeout', 1],
  ]);
});

test('a row that is opened again leaves its group, and joins the one of its new end', async () => {
  const ledger = await opened(3);
  await fail(ledger, 0, 'timeout');
  await fail(ledger, 1, 'timeout');
  await fail(ledger, 2, undefined);
  await finish(ledger, 'b1');
  await beginRound(ledger, 'b1', ['finished']);
  expect(await reopen(ledger, 'b1', [1, 2])).toBe(2);
  await closeRound(ledger, 'b1');
  expect(await causesOf(ledger, 'b1')).toMatchObject([{ code: 'timeout', count: 1 }]);
  await fail(ledger, 1, 'bad-request', 2);
  await settleRow(ledger, { batch: 'b1', round: 2, row: 2 }, { state: 'created', outcome: {} });
  expect((await causesOf(ledger, 'b1')).map(({ code, count }) => [code, count])).toEqual([
    ['bad-request', 1],
    ['timeout', 1],
  ]);
});
