import type { UnknownVerdict, Verdict } from '../portal/verdict.ts';
import { type HoldReason, holdReason } from '../stops.ts';
import { done, held, type Outcome, putBack, retry } from './outcome.ts';
import { isOutage, portalOutcome } from './portal-outcome.ts';

/** The input for the meaning of an answer to POST /people/invite. */
export interface AfterInvite {
  /** People in the request. */
  people: number;
  /** How often in a row this request has ended without an answer. */
  unanswered: number;
  /** Failed attempts of the job. */
  attempts: { made: number; most: number };
  /** People that the portal named, in a form for messages: masked, with the place in the input. */
  named: readonly string[];
}

type Limited = Extract<Verdict<never>, { kind: 'rate-limited' }>;

/** Decides what follows an answer to the invite (P-INVITE-01 to P-INVITE-09, P-LIMIT-09). */
export function afterInvite(verdict: Verdict<unknown>, facts: AfterInvite): Outcome {
  switch (verdict.kind) {
    case 'ok':
      return done(`invited ${facts.people}`);
    case 'rate-limited':
      return isTooBig(verdict, facts)
        ? held(holdReason('invite-too-big', { limit: Number(verdict.limit), people: facts.people }))
        : portalOutcome(verdict);
    case 'unreachable':
      return portalOutcome(verdict);
    case 'stopped':
      return held(withNames(verdict, facts.named));
    case 'unknown':
      return unanswered(verdict, facts);
    case 'conflict':
      // A race with another creation (P-RACE-02) passes; the same refusal again and again does not.
      if (facts.attempts.made < facts.attempts.most) return retry(verdict.code);
      return held(holdReason('invite-conflict', {}, verdict.reason));
    case 'refused':
      return held(holdReason('invite-conflict', {}, verdict.reason));
    case 'absent':
      return held(holdReason('invite-conflict'));
  }
}

/** Such a request uses up what is left of the day and is refused again tomorrow (P-LIMIT-08). */
function isTooBig({ limiter, limit }: Limited, { people }: AfterInvite): boolean {
  return limiter === 'invitations' && limit !== undefined && people > limit;
}

function unanswered({ code, reason }: UnknownVerdict, facts: AfterInvite): Outcome {
  if (facts.unanswered + 1 >= facts.attempts.most) {
    return held(holdReason('invite-unanswered', {}, reason));
  }
  return isOutage(code) ? putBack({ kind: 'outage', code }) : retry(code);
}

function withNames({ code, reason, remedy, detail }: HoldReason, named: readonly string[]) {
  const about = named.length === 0 ? [] : [`It is about ${named.join(' and ')}.`];
  const details = [...(detail === undefined ? [] : [detail]), ...about].join(' ');
  return { code, reason, remedy, detail: details === '' ? undefined : details };
}
