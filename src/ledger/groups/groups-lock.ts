import type { Ledger } from '../ledger.ts';
import * as scripts from '../lua/locks.ts';
import { runScript } from '../lua/script.ts';

interface Holder {
  /** Names the process in the lock; random. */
  token: string;
  forMs: number;
}

/**
 * Takes the lock under which groups are read and made, for all batches of the prefix: the portal makes
 * a second group of the same name (P-GROUP-01). False when another process has it.
 */
export async function takeGroupsLock(ledger: Ledger, holder: Holder): Promise<boolean> {
  const { token, forMs } = holder;
  const keys = { lock: ledger.keys.groupsLock };
  return runScript(ledger, scripts.takeLock, { keys, args: { token, ms: forMs } });
}

/** Extends the lock. False when it has expired. */
export async function keepGroupsLock(ledger: Ledger, { token, forMs }: Holder): Promise<boolean> {
  const keys = { lock: ledger.keys.groupsLock };
  return runScript(ledger, scripts.extendLock, { keys, args: { token, ms: forMs } });
}

export async function releaseGroupsLock(ledger: Ledger, token: string): Promise<void> {
  await runScript(ledger, scripts.dropLock, {
    keys: { lock: ledger.keys.groupsLock },
    args: { token },
  });
}

/** A note that nobody removed, because its process died, matters for minutes. */
const NOTE_MS = 86_400_000;

/**
 * Notes that a group is about to be made, or that the answer came (undefined): without one, the portal
 * may still be making it, for whichever list. `at` is ms since the epoch.
 */
export async function noteGroupMade(
  { redis, keys }: Ledger,
  at: number | undefined,
): Promise<void> {
  if (at === undefined) await redis.del(keys.groupMade);
  else await redis.set(keys.groupMade, at, 'PX', NOTE_MS);
}

/** When the group was about to be made whose answer is missing, ms; undefined without one. */
export async function groupMadeAt({ redis, keys }: Ledger): Promise<number | undefined> {
  const at = Number((await redis.get(keys.groupMade)) ?? Number.NaN);
  return Number.isFinite(at) ? at : undefined;
}
