import type { Ledger } from './ledger.ts';
import { runScript } from './script.ts';
import { claim as claimScript, dropLock, keepLock as keepScript } from './scripts.ts';

/** A producer that died is out of the way after this long; a slice takes about 0.1 s. */
export const LOCK_MS = 10_000;

/** Takes the batch for the producer with this token. False when one has it. */
export async function takeLock(ledger: Ledger, batch: string, token: string): Promise<boolean> {
  return (await ledger.redis.set(ledger.keys.lock(batch), token, 'PX', LOCK_MS, 'NX')) === 'OK';
}

/**
 * Keeps a lock that was taken. False when it ran out meanwhile, even if nobody else has it now:
 * another batch may have claimed people of this one in between.
 */
export async function keepLock(ledger: Ledger, batch: string, token: string): Promise<boolean> {
  const call = { keys: [ledger.keys.lock(batch)], args: [token, LOCK_MS] };
  return (await runScript(ledger.redis, keepScript, call)) === 1;
}

/** A job that holds the invite and is gone for good is out of the way after this long. */
const INVITER_MS = 600_000;

/**
 * Whether this job may invite now: a batch that is cancelled has two that could, its flow's parent
 * and the one that ends it. A job that was killed finds its own claim again.
 */
export async function claimInvite(ledger: Ledger, batch: string, job: string): Promise<boolean> {
  const call = { keys: [ledger.keys.inviter(batch)], args: [job, INVITER_MS] };
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
