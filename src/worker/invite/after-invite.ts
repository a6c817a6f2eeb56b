import type { StuckCode } from '../../gates.ts';
import type { InvitePart, Stuck } from '../../ledger/invites/invite-part.ts';
import type { AccountType } from '../../people/account-types.ts';
import type { StoppedVerdict, UnknownVerdict, Verdict } from '../../portal/verdict.ts';
import { done, type Outcome, putBack, retry, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';

/** The input for the meaning of an answer to POST /people/invite. */
export interface AfterInvite {
  /** People in the request. */
  people: number;
  /** The type of its entries. */
  type: AccountType;
  /** How often in a row this request has ended without an answer. */
  unanswered: number;
  /** Failed attempts of the job. */
  attempts: { made: number; most: number };
  /** How many people of the request the portal named. */
  named: number;
  /** How requests are cut so far. */
  part: InvitePart;
  /** Invitations that the portal has left; undefined where it does not say. */
  left?: number | undefined;
  /** Redis' clock, ms. */
  now: number;
  /** Pause before a used-up limit is tried again, ms. */
  limitPauseMs: number;
}

/** Consequences of an answer to the invite. */
export interface InviteReaction {
  outcome: Outcome;
  /** How the next request is cut; absent when that stays. */
  part?: InvitePart;
  /** Whom to leave out: those whom the portal named, or the only one of the request. */
  leaveOut?: 'named' | 'only';
  /** Why the invite now waits for somebody. */
  stuck?: Stuck;
}

type Limited = Extract<Verdict<never>, { kind: 'rate-limited' }>;
type Refused = Extract<Verdict<never>, { kind: 'refused' }>;

/**
 * Refusals of one person after another, without one acceptance in between, after which the fault is
 * taken to be in the request. Addresses that the portal is known to refuse are not among them.
 */
const MOST_REFUSED = 10;

/** Decides what follows an answer to the invite (P-INVITE-01 to P-INVITE-09, P-LIMIT-09). */
export function afterInvite(verdict: Verdict<unknown>, facts: AfterInvite): InviteReaction {
  switch (verdict.kind) {
    case 'ok':
      return { outcome: done(`invited ${facts.people}`), part: widened(facts.part) };
    case 'rate-limited':
      return isTooBig(verdict, facts)
        ? stuck(facts, 'invite-too-big', tooBigText(verdict, facts))
        : { outcome: portalOutcome(verdict) };
    case 'unreachable':
      return { outcome: portalOutcome(verdict) };
    case 'stopped':
      return stopped(verdict, facts);
    case 'unknown':
      return unanswered(verdict, facts);
    case 'conflict':
      // A race with another creation (P-RACE-02) passes; the same refusal again and again does not.
      if (facts.attempts.made < facts.attempts.most) return { outcome: retry(verdict.code) };
      return stuck(facts, 'invite-conflict', verdict.reason);
    case 'refused':
      return verdict.code === 'invitation-limit'
        ? overLimit(verdict, facts)
        : refusedEntry(verdict, facts);
    case 'absent':
      return stuck(facts, 'invite-conflict');
  }
}

/** The search for a refused person ends step by step: the next one may be near. */
function widened({ atMost, ...part }: InvitePart): InvitePart {
  return { ...part, refusedInRow: 0, ...(atMost === undefined ? {} : { atMost: atMost * 2 }) };
}

/**
 * One entry is refused, and nobody after it was looked at. Halving finds it, because inviting
 * somebody again mails nobody who has an account (P-INVITE-06).
 */
function refusedEntry({ reason }: { reason: string }, facts: AfterInvite): InviteReaction {
  const { part, people, named } = facts;
  if (named > 0) return { outcome: snooze(), leaveOut: 'named' };
  if (people > 1) {
    return { outcome: snooze(), part: { ...part, atMost: Math.floor(people / 2) } };
  }
  const refusedInRow = part.refusedInRow + 1;
  if (refusedInRow >= MOST_REFUSED) return stuck(facts, 'invite-refused', reason);
  return { outcome: snooze(), leaveOut: 'only', part: { ...part, atMost: 1, refusedInRow } };
}

/**
 * Seats and roles limit entries for administrators alone (P-INVITE-02, P-INVITE-04): other batches
 * are not concerned.
 */
function stopped(verdict: StoppedVerdict, facts: AfterInvite): InviteReaction {
  const isHigher = facts.type === 'RoomAdmin' || facts.type === 'DocSpaceAdmin';
  if (isHigher && verdict.code === 'quota-exceeded') return refusedEntry(verdict, facts);
  if (isHigher && verdict.code === 'access-denied') {
    return stuck(facts, 'invite-refused', `${verdict.reason} ${verdict.remedy}`);
  }
  return { outcome: portalOutcome(verdict) };
}

/** The portal counts entries, also those that mail nobody (P-INVITE-01): fewer of them fit. */
function overLimit({ reason }: Refused, facts: AfterInvite): InviteReaction {
  const { left, people, part, now, limitPauseMs } = facts;
  if (left === 0 || people === 1) {
    const until = now + limitPauseMs;
    const waiting = { code: 'invitation-limit', until, detail: reason } as const;
    return { outcome: snooze(limitPauseMs), part: withoutCap(part), stuck: waiting };
  }
  const isUsable = left !== undefined && left > 0 && left < people;
  return { outcome: snooze(), part: { ...part, cap: isUsable ? left : Math.floor(people / 2) } };
}

function withoutCap({ cap: _, ...part }: InvitePart): InvitePart {
  return part;
}

/** Such a request uses up what is left of the day and is refused again tomorrow (P-LIMIT-08). */
function isTooBig({ limiter, limit }: Limited, { people }: AfterInvite): boolean {
  return limiter === 'invitations' && limit !== undefined && people > limit;
}

function tooBigText({ limit }: Limited, { people }: AfterInvite): string {
  return `The portal allows ${limit} invitations a day, and the request holds ${people}.`;
}

function unanswered({ code, reason }: UnknownVerdict, facts: AfterInvite): InviteReaction {
  if (facts.unanswered + 1 >= facts.attempts.most) return stuck(facts, 'invite-unanswered', reason);
  if (isOutage(code)) return { outcome: putBack({ kind: 'outage', code }) };
  // Other answers may have used the attempts, and a job without one would fail permanently.
  if (facts.attempts.made >= facts.attempts.most) return stuck(facts, 'invite-unanswered', reason);
  return { outcome: retry(code) };
}

/** The gate of this batch: the job looks again, and finds itself at it. */
function stuck({ part }: AfterInvite, code: StuckCode, detail?: string): InviteReaction {
  return { outcome: snooze(), part, stuck: { code, detail } };
}
