import { expect, test } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { reportRows } from '../../src/ledger/rows/stored-rows.ts';
import { type Judged, judge } from '../../src/preflight/judge.ts';
import { fill, openSpace } from '../ledger/fill.ts';
import { people, person } from '../support/people.ts';

const faulty: NewRow = {
  kind: 'rejected',
  at: { file: 'people.csv', line: 9 },
  raw: { email: 'x' },
  faults: [{ field: 'email', code: 'email-shape', value: 'x', reason: 'No.' }],
};

async function* of(rows: readonly NewRow[]) {
  yield* rows;
}

async function all(rows: AsyncIterable<Judged>): Promise<Judged[]> {
  const found: Judged[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

test('rows are judged as recording them judges them, and nothing is written', async () => {
  const ledger = openSpace();
  await fill(ledger, 'other', [...people(2), person('gone@example.com')]);
  await closeIntake(ledger, 'other');
  const rows = [...people(1200), person('P7@example.com', 1200), faulty];
  const keys = await ledger.redis.dbsize();
  const before = await ledger.redis.keys(`${ledger.keys.prefix}*`);
  const judged = await all(judge(of(rows), { batch: 'b1', ledger }));
  expect((await ledger.redis.keys(`${ledger.keys.prefix}*`)).sort()).toEqual(before.sort());
  expect(keys).toBeGreaterThan(0);

  await fill(ledger, 'b1', rows);
  await closeIntake(ledger, 'b1');
  const recorded = [];
  for await (const row of reportRows(ledger, 'b1')) recorded.push(row);
  const kinds = (state: string) => (state === 'pending' ? 'accepted' : state);
  expect(judged.map(({ kind }) => kind)).toEqual(recorded.map(({ state }) => kinds(state)));
  const told = (rows: readonly object[]) =>
    rows.flatMap((row) => ('reason' in row && row.reason !== '' ? [row.reason] : []));
  expect(told(judged)).toEqual(told(recorded));
  expect(told(judged)).toEqual([
    'This person is in the unfinished batch other.',
    'This person is in the unfinished batch other.',
    'The same e-mail as people.csv line 9.',
    'email: No.',
  ]);
});

test('what the same batch claimed before it was cut short is its own', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(3));
  await closeIntake(ledger, 'b1');
  const again = await all(judge(of(people(3)), { batch: 'b1', ledger }));
  expect(again.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
});

test('without a ledger nobody holds anybody', async () => {
  const judged = await all(judge(of([...people(2), person('p0@example.com', 5)]), { batch: 'b' }));
  expect(judged.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'duplicate']);
});
