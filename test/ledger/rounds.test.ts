import { expect, test } from 'vitest';
import { closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { beginRound, cancelRows, reopen } from '../../src/ledger/batch/rounds.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { countRows } from '../../src/ledger/rows/rows.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
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
  const monitor = await redis.monitor();
  onRelease(() => monitor.disconnect());
  const steps: number[] = [];
  let isOver = false;
  monitor.on('monitor', (_: string, words: string[]) => {
    if (words[0] === 'evalsha' && words[3]?.startsWith(keys.record('long')))
      steps.push(words.length);
    if (words[1] === keys.record('over')) isOver = true;
  });
  expect(await cancelRows(ledger, 'long')).toBe(ROWS);
  expect(await finish(ledger, 'long')).toBe(true);
  await beginRound(ledger, 'long', ['finished', 'cancelled']);
  const numbers = rows.map((_, row) => row);
  expect(await reopen(ledger, 'long', numbers)).toBe(ROWS);
  expect(await countRows(ledger, 'long', 'pending')).toBe(ROWS);
  await redis.exists(keys.record('over'));
  await waitFor(() => isOver, { what: 'the last command' });
  // Three words for each row that is opened again, and those of the script itself.
  expect(Math.max(...steps)).toBeLessThan(3 * 50 + 20);
  expect(steps.length).toBeGreaterThanOrEqual(40);
});
