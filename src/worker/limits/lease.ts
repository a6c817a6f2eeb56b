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
    const { leaseMs: forMs, leaseDeadMs: deadMs } = timings;
    const { inUse } = limits;
    const asked = { id, forMs, inUse, dead, deadMs };
    const { writers, fair, total, perMinute } = await lease(ledger, asked);
    limits.set({ writers, perSecond: (perSecondOf(perMinute) * writers) / total, until });
    onWriters(writers);
    // Three workers had 86 % of the speed in their first 15 s while they asked every 2 s only.
    const isSettled = writers >= fair && inUse <= writers;
    return isSettled ? timings.leaseRenewMs : timings.leaseSettleMs;
  };
  let isHeld = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (ms: number) => {
    clearTimeout(timer);
    if (isHeld) timer = setTimeout(quietly, ms);
  };
  const { once, running } = singly(async () => {
    again(timings.leaseRenewMs);
    again(await renew());
  });
  // Workers report trouble of Redis themselves; without a lease nothing is sent.
  const quietly = () => void once().catch(() => undefined);
  await once();
  isHeld = true;
  again(timings.leaseSettleMs);
  limits.onStale = quietly;
  return async () => {
    isHeld = false;
    clearTimeout(timer);
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
