import { expect, test } from 'vitest';
import { openBatch, readBatch } from '../../src/ledger/batch/batches.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { forgiveFailures, tooManyFailures } from '../../src/ledger/rows/failures.ts';
import { people } from '../support/people.ts';
import { fill, openSpace, settle } from './fill.ts';

/** A batch of which the next rows fail or are created. */
async function opened(): Promise<{
  ledger: Ledger;
  end: (failed: number, created: number) => Promise<void>;
}> {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(400));
  let row = 0;
  const end = async (failed: number, created: number) => {
    for (let left = failed; left > 0; left -= 1) await settle(ledger, 'b1', row++, 'failed');
    for (let left = created; left > 0; left -= 1) await settle(ledger, 'b1', row++, 'created');
  };
  return { ledger, end };
}

test('49 failures are too few to judge a list, the 50th is not', async () => {
  const { ledger, end } = await opened();
  await end(49, 0);
  expect(await tooManyFailures(ledger, 'b1')).toBeUndefined();
  await end(1, 0);
  expect(await tooManyFailures(ledger, 'b1')).toEqual({ settled: 50, failed: 50 });
});

test('40 % may fail, more may not', async () => {
  const { ledger, end } = await opened();
  await end(40, 60);
  expect(await tooManyFailures(ledger, 'b1')).toBeUndefined();
  await end(1, 0);
  expect(await tooManyFailures(ledger, 'b1')).toEqual({ settled: 101, failed: 41 });
});

test('a submission sets another share, and 100 is never', async () => {
  const { ledger, end } = await opened();
  const about = { id: 'b1', digest: 'd', portal: 'https://p.example', inviteType: 'All' } as const;
  await end(6, 54);
  await openBatch(ledger, { ...about, maxFailedPercent: 9 });
  expect(await tooManyFailures(ledger, 'b1')).toEqual({ settled: 60, failed: 6 });
  await openBatch(ledger, about);
  expect((await readBatch(ledger, 'b1')).maxFailedPercent).toBe(9);
  await end(100, 0);
  await openBatch(ledger, { ...about, maxFailedPercent: 100 });
  expect(await tooManyFailures(ledger, 'b1')).toBeUndefined();
});

test('once a person has resumed, only later failures count', async () => {
  const { ledger, end } = await opened();
  await end(60, 0);
  await forgiveFailures(ledger, await readBatch(ledger, 'b1'));
  await end(49, 0);
  expect(await tooManyFailures(ledger, 'b1')).toBeUndefined();
  await end(1, 0);
  expect(await tooManyFailures(ledger, 'b1')).toEqual({ settled: 50, failed: 50 });
});
