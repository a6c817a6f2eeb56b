import type { Timings } from '../../timings.ts';
import type { Ledger } from '../ledger.ts';
import * as scripts from '../lua/locks.ts';
import { runScript } from '../lua/script.ts';

interface Holder {
  token: string;
  timings: Pick<Timings, 'producerLockMs'>;
}

/** Takes the batch for the producer with this token. False when another producer has it. */
export async function takeLock(ledger: Ledger, batch: string, holder: Holder): Promise<boolean> {
  const { token, timings } = holder;
  const ms = timings.producerLockMs;
  return (await ledger.redis.set(ledger.keys.lock(batch), token, 'PX', ms, 'NX')) === 'OK';
}

/**
 * Extends the lock. False when it has expired, even if it is free now: another batch may have
 * claimed people of this batch in between.
 */
export async function keepLock(ledger: Ledger, batch: string, holder: Holder): Promise<boolean> {
  const { token, timings } = holder;
  const keys = { lock: ledger.keys.lock(batch) };
  const args = { token, ms: timings.producerLockMs };
  return runScript(ledger, scripts.extendLock, { keys, args });
}

export async function releaseLock(ledger: Ledger, batch: string, token: string): Promise<void> {
  const keys = { lock: ledger.keys.lock(batch) };
  await runScript(ledger, scripts.dropLock, { keys, args: { token } });
}

/** Whether a producer or a keeper is at work on the batch. */
export async function isLocked(ledger: Ledger, batch: string): Promise<boolean> {
  return (await ledger.redis.exists(ledger.keys.lock(batch))) === 1;
}

/**
 * Whether this job may invite now: a cancelled batch has two that could, its flow's parent and the
 * one that ends it. A killed job finds its claim again; one that never comes back blocks the other
 * for `forMs`.
 */
export async function claimInvite(
  ledger: Ledger,
  batch: string,
  { job, forMs }: { job: string; forMs: number },
): Promise<boolean> {
  const keys = { lock: ledger.keys.inviter(batch) };
  return runScript(ledger, scripts.takeLock, { keys, args: { token: job, ms: forMs } });
}

export async function releaseInvite(ledger: Ledger, batch: string, job: string): Promise<void> {
  const keys = { lock: ledger.keys.inviter(batch) };
  await runScript(ledger, scripts.dropLock, { keys, args: { token: job } });
}
