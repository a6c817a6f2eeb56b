import { findBatch } from '../ledger/removal/retention.ts';
import { forgiveFailures } from '../ledger/rows/failures.ts';
import { clearHold, type Hold, readHold, setHold } from '../ledger/stops/holds.ts';
import { endWaits } from '../ledger/stops/waits.ts';
import { holdReason } from '../stops.ts';
import { announceSoon, type Parts } from './announce.ts';

/**
 * Stops all workers until `resume`: running requests finish, nothing new begins. A hold in force
 * stays as it is. Returns the hold in force then.
 */
export async function pause(parts: Parts, { by, now }: { by: string; now: number }): Promise<Hold> {
  const wanted = { ...holdReason('paused', { by }), since: now };
  await setHold(parts.ledger, wanted);
  await Promise.all(queuesOf(parts).map((queue) => queue.pause()));
  await announceSoon(parts);
  return (await readHold(parts.ledger)) ?? wanted;
}

/** The hold and the waits that a person's resume ended. */
export interface Resumed {
  hold: Hold | undefined;
  /** The limiters of the portal that the queues waited for, and `outage`. */
  waits: string[];
}

/**
 * Lifts the hold in force and ends every wait: the portal is asked again now, and asks for a new
 * wait if its limit is still exceeded. Workers ask within `limitCheckMs`.
 */
export async function resume(parts: Parts): Promise<Resumed> {
  const queues = queuesOf(parts);
  const names = queues.map((queue) => queue.name);
  const waits = await endWaits(parts.ledger, names);
  await Promise.all(queues.map((queue) => queue.removeRateLimitKey()));
  return { hold: await liftHold(parts), waits };
}

/**
 * Lifts the hold in force and returns it; without one it makes sure that the queues run. Rows that
 * failed until now in the held batch no longer count towards the next hold.
 */
export async function liftHold(parts: Parts): Promise<Hold | undefined> {
  const { ledger } = parts;
  const hold = await readHold(ledger);
  // A batch that was purged must not keep its hold from being lifted.
  const batch = hold?.batch === undefined ? undefined : await findBatch(ledger, hold.batch);
  if (batch !== undefined) await forgiveFailures(ledger, batch);
  await clearHold(ledger);
  await Promise.all(queuesOf(parts).map((queue) => queue.resume()));
  return hold;
}

/**
 * Makes sure that the queues run, unless they are held. A hold that is set meanwhile stays in
 * force: its pause of the queues may have come before ours of resuming them.
 */
export async function runUnlessHeld(parts: Parts): Promise<void> {
  if ((await readHold(parts.ledger)) !== undefined) return;
  await Promise.all(queuesOf(parts).map((queue) => queue.resume()));
  if ((await readHold(parts.ledger)) === undefined) return;
  await Promise.all(queuesOf(parts).map((queue) => queue.pause()));
}

function queuesOf({ queues }: Parts) {
  return [queues.createUser, queues.invite];
}
