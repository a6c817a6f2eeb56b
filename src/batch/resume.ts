import { forgiveFailures } from '../ledger/failures.ts';
import { clearHold, type Hold, readHold, setHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readKept } from '../ledger/retention.ts';
import type { Queues } from '../queue/queues.ts';
import { announceSoon } from './announce.ts';

/**
 * Stops all workers until `resume`: running requests end, nothing new begins. It is a hold like any
 * other, and leaves one that is in force as it is. Returns the hold in force then.
 */
export async function pause(
  parts: { ledger: Ledger; queues: Queues },
  { by, now }: { by: string; now: number },
): Promise<Hold> {
  const wanted: Hold = {
    code: 'paused',
    reason: `Paused by ${by}.`,
    remedy: 'Go on when you are ready.',
    since: now,
  };
  await setHold(parts.ledger, wanted);
  await Promise.all([parts.queues.createUser, parts.queues.invite].map((queue) => queue.pause()));
  await announceSoon(parts);
  return (await readHold(parts.ledger)) ?? wanted;
}

/**
 * Lifts the hold in force, for all workers, and returns it. What failed in the batch that is held
 * until now no longer counts towards the next hold. Without a hold it only makes sure that the
 * queues run.
 */
export async function resume(parts: { ledger: Ledger; queues: Queues }): Promise<Hold | undefined> {
  const { ledger, queues } = parts;
  const hold = await readHold(ledger);
  // A batch that is purged must not keep its hold from being lifted.
  const batch = hold?.batch === undefined ? undefined : await readKept(ledger, hold.batch);
  if (batch !== undefined) await forgiveFailures(ledger, batch);
  await clearHold(ledger);
  await Promise.all([queues.createUser, queues.invite].map((queue) => queue.resume()));
  return hold;
}
