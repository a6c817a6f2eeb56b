import { expect, test } from 'vitest';
import { leaseHolders, setLimits } from '../../../src/ledger/limits/leases.ts';
import { timings } from '../../../src/timings.ts';
import { startLease } from '../../../src/worker/limits/lease.ts';
import { RequestLimits } from '../../../src/worker/limits/request-limits.ts';
import { openSpace } from '../../ledger/fill.ts';
import { onRelease } from '../../support/resources.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Nothing comes in time by the usual renewal. */
const slow = { ...timings, leaseMs: 600_000, leaseRenewMs: 300_000, leaseSettleMs: 5 };

async function opened(concurrency: number) {
  const ledger = openSpace();
  await setLimits(ledger, { concurrency, requestsPerMinute: 0 });
  /** A worker process, as far as limits go. */
  const join = async () => {
    const limits = new RequestLimits({ turnMs: 1000 });
    const leave = await startLease({ ledger, limits, timings: slow }, () => undefined);
    onRelease(leave);
    return { limits, leave };
  };
  return { ledger, join };
}

test('a process that joins has its part as soon as the other has used it up', async () => {
  const { join } = await opened(4);
  const first = await join();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const requests = Array.from({ length: 4 }, () => first.limits.run(() => asked));
  const second = await join();
  expect(second.limits.writers).toBe(0);
  // The first learns of the second when something changes for it.
  first.limits.onStale?.();
  await waitFor(() => first.limits.writers === 2, { what: 'the first to give up its half' });
  expect(first.limits.inUse).toBe(4);
  expect(second.limits.writers).toBe(0);
  answer();
  await Promise.all(requests);
  await waitFor(() => second.limits.writers === 2, { what: 'the second to have its half' });
});

test('a process that leaves holds nothing, and asks no more', async () => {
  const { ledger, join } = await opened(4);
  const { leave } = await join();
  expect(await leaseHolders(ledger)).toHaveLength(1);
  await leave();
  expect(await leaseHolders(ledger)).toEqual([]);
});
