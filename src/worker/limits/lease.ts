import { setTimeout as sleep } from 'node:timers/promises';
import { lease, leaseHolders, release } from '../../ledger/limits/leases.ts';
import { perSecondOf } from '../../queue/pace.ts';
import type { WorkerDeps } from '../deps.ts';
import { isDead, leaseId } from './lease-id.ts';

/**
 * Gets the share of this process in the limits, and again every `leaseRenewMs`, so that the requests
 * of all processes together stay within them. A share ends here before another process can get it:
 * its time begins before Redis is asked. Returns how to give it back.
 */
export async function startLease(
  { ledger, limits, timings }: Pick<WorkerDeps, 'ledger' | 'limits' | 'timings'>,
  /** Called with the writers of this process, each time. */
  onWriters: (writers: number) => void,
): Promise<() => Promise<void>> {
  const id = leaseId(crypto.randomUUID());
  const renew = async () => {
    const dead = (await leaseHolders(ledger)).filter(isDead);
    const until = performance.now() + timings.leaseMs;
    const { inUse } = limits;
    const asked = { id, forMs: timings.leaseMs, inUse, dead };
    const { writers, total, perMinute } = await lease(ledger, asked);
    limits.set({ writers, perSecond: (perSecondOf(perMinute) * writers) / total, until });
    onWriters(writers);
    return writers < inUse;
  };
  // Asks twice where it has to use less, so that the rest is free for others at once.
  const { once, running } = singly(async () => {
    if (await renew()) await renew();
  });
  await once();
  // Workers report trouble of Redis themselves; without a lease nothing is sent.
  const quietly = () => void once().catch(() => undefined);
  const timer = setInterval(quietly, timings.leaseRenewMs);
  limits.onStale = quietly;
  return async () => {
    clearInterval(timer);
    limits.onStale = undefined;
    const given = (running() ?? Promise.resolve()).then(() => release(ledger, id));
    // Without Redis the lease ends by itself.
    const late = sleep(timings.leaseRenewMs, undefined, { ref: false });
    await Promise.race([given.catch(() => undefined), late]);
  };
}

/** One run at a time; a call during a run gets its end. */
function singly(work: () => Promise<void>) {
  let current: Promise<void> | undefined;
  const once = () => {
    current ??= work().finally(() => {
      current = undefined;
    });
    return current;
  };
  return { once, running: () => current };
}
