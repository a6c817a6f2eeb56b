import type { KeyInfo } from '../../portal/portal-facts.ts';
import type { Verdict } from '../../portal/verdict.ts';
import type { Account } from '../../portal/wire.ts';
import type { WorkerPortal } from '../limits/in-turn.ts';

/** Whole seconds in `Date` and in stored dates, and the time of the answer, can hide this much. */
const TOLERANCE_MS = 2000;

/**
 * The "removed profile" that portals up to 3.6.1 name as the creator of every account made by POST
 * (P-VERSION-03).
 */
const NOBODY = '4a515a15-d4d6-4b8e-828e-e0586f18f3a3';

/** A found account, and the clocks around it; all times in ms. */
export interface Provenance {
  account: Account;
  /** When the batch was accepted, by Redis' clock. */
  acceptedAt: number;
  /** `at` by the portal's clock, the earliest that it ever gave. */
  acceptedOnPortal?: number | undefined;
  /** The portal's clock and Redis' clock when the account was looked up. */
  answeredAt: number;
  redisNow: number;
  ownerId: string | undefined;
}

/**
 * Whether an account that was found was created by this batch: registered after the batch was
 * accepted, by the portal's clock, and by the owner of our own key where the portal names a
 * creator (architecture, rule 3).
 *
 * The portal's time at acceptance is known twice: as the earliest time that the portal's answers
 * ever gave (`notePortalClock`), and as Redis' time plus the lead of the portal's clock now. The
 * earlier of both is right however the clocks were set in between: it never takes an account of
 * ours for somebody else's.
 */
export function createdByBatch(found: Provenance): boolean {
  const { registrationDate: registeredAt, createdBy } = found.account;
  if (registeredAt === undefined) return false;
  const isNamed = createdBy !== undefined && createdBy !== NOBODY;
  if (isNamed && found.ownerId !== undefined && createdBy !== found.ownerId) return false;
  const byOffset = found.acceptedAt + (found.answeredAt - found.redisNow);
  const accepted = Math.min(byOffset, found.acceptedOnPortal ?? byOffset);
  return registeredAt >= accepted - TOLERANCE_MS;
}

/** Asks the portal for the owner of our key, and only once: a key never changes its owner. */
export function rememberOwner(
  portal: Pick<WorkerPortal, 'whoami'>,
): () => Promise<Verdict<KeyInfo>> {
  let known: Verdict<KeyInfo> | undefined;
  return async () => {
    if (known !== undefined) return known;
    const verdict = await portal.whoami();
    if (verdict.kind === 'ok') known = verdict;
    return verdict;
  };
}
