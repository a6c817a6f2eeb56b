import type { Timings } from '../timings.ts';
import type { Ledger } from './ledger.ts';
import { runScript } from './script.ts';
import { claim as claimScript, dropLock, keepLock as keepScript } from './scripts.ts';

/** Who takes the lock of a batch. */
interface Holder {
  token: string;
  timings: Pick<Timings, 'producerLockMs'>;
}

/** Takes the batch for the producer with this token. False when one has it. */
export async function takeLock(ledger: Ledger, batch: string, holder: Holder): Promise<boolean> {
  const { token, timings } = holder;
  const ms = timings.producerLockMs;
  return (await ledger.redis.set(ledger.keys.lock(batch), token, 'PX', ms, 'NX')) === 'OK';
}

/**
 * Keeps a lock that was taken. False when it ran out meanwhile, even if nobody else has it now:
 * another batch may have claimed people of this one in between.
 */
export async function keepLock(ledger: Ledger, batch: string, holder: Holder): Promise<boolean> {
  const args = [holder.token, holder.timings.producerLockMs];
  const call = { keys: [ledger.keys.lock(batch)], args };
  return (await runScript(ledger.redis, keepScript, call)) === 1;
}

/**
 * Whether this job may invite now: a batch that is cancelled has two that could, its flow's parent
 * and the one that ends it. A job that was killed finds its own claim again; one that is
 * gone for good is out of the way after `forMs`.
 */
export async function claimInvite(
  ledger: Ledger,
  batch: string,
  { job, forMs }: { job: string; forMs: number },
): Promise<boolean> {
  const call = { keys: [ledger.keys.inviter(batch)], args: [job, forMs] };
  return (await runScript(ledger.redis, claimScript, call)) === 1;
}

export async function releaseInvite(ledger: Ledger, batch: string, job: string): Promise<void> {
  await runScript(ledger.redis, dropLock, { keys: [ledger.keys.inviter(batch)], args: [job] });
}

export async function releaseLock(ledger: Ledger, batch: string, token: string): Promise<void> {
  await runScript(ledger.redis, dropLock, { keys: [ledger.keys.lock(batch)], args: [token] });
}

/** Whether a producer or a keeper is at work on the batch. */
export async function isLocked(ledger: Ledger, batch: string): Promise<boolean> {
  return (await ledger.redis.exists(ledger.keys.lock(batch))) === 1;
}
