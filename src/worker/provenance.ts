import type { Account } from '../portal/wire.ts';

/** Whole seconds in `Date` and in stored dates, and the way of the answer, can hide this much. */
const TOLERANCE_MS = 2000;

/**
 * Whether an account that was found was created by this batch: registered after the batch was
 * accepted, by the portal's clock, and by the owner of our own key where the portal names a
 * creator (architecture, rule 3). The portal's clock is read off the answer's `Date`, ours is
 * Redis', so neither a wrong clock here nor one there matters. All times in ms.
 */
export function createdByBatch(found: {
  account: Account;
  acceptedAt: number;
  answeredAt: number;
  redisNow: number;
  ownerId: string | undefined;
}): boolean {
  const { registrationDate: registeredAt, createdBy } = found.account;
  if (registeredAt === undefined) return false;
  if (createdBy !== undefined && found.ownerId !== undefined && createdBy !== found.ownerId) {
    return false;
  }
  const acceptedByPortalClock = found.acceptedAt + (found.answeredAt - found.redisNow);
  return registeredAt >= acceptedByPortalClock - TOLERANCE_MS;
}
