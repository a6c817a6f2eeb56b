import { expect, test, vi } from 'vitest';
import { closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { beginRound, cancelRows, reopen } from '../../src/ledger/batch/rounds.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { countRows } from '../../src/ledger/rows/rows.ts';
import { fill, openSpace } from './fill.ts';

const ROWS = 1000;

test('cancel and retry of 1,000 people let workers through after every 50', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  const rows = Array.from({ length: ROWS }, (_, row): NewRow => {
    const person = { email: `p${row}@example.com`, firstName: 'A', lastName: 'B' };
    return {
      kind: 'person',
      at: { file: 'f.csv', line: row },
      person: { ...person, type: 'User' },
    };
  });
  await fill(ledger, 'long', rows);
  await closeIntake(ledger, 'long');
  const sending = vi.spyOn(redis, 'sendCommand');
  expect(await cancelRows(ledger, 'long')).toBe(ROWS);
  expect(await finish(ledger, 'long')).toBe(true);
  await beginRound(ledger, 'long', ['finished', 'cancelled']);
  const numbers = rows.map((_, row) => row);
  expect(await reopen(ledger, 'long', numbers)).toBe(ROWS);
  expect(await countRows(ledger, 'long', 'pending')).toBe(ROWS);
  const steps = sending.mock.calls.flatMap(([{ name, args }]) => {
    return name === 'evalsha' && String(args[2]).startsWith(keys.record('long'))
      ? [args.length]
      : [];
  });
  // Three words for each row that is opened again, and those of the script itself.
  expect(Math.max(...steps)).toBeLessThan(3 * 50 + 20);
  expect(steps.length).toBeGreaterThanOrEqual(40);
});
