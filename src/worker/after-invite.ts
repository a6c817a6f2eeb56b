import type { Verdict } from '../portal/verdict.ts';
import { aboutPortal } from './about-portal.ts';
import type { Outcome } from './outcome.ts';

/** What the meaning of an answer to POST /people/invite depends on. */
export interface AfterInvite {
  /** People in the request. */
  people: number;
  /** How often in a row this request ended without an answer before. */
  unanswered: number;
  /** Failed attempts of the job. */
  attempts: { made: number; most: number };
  /** Whom the portal named, as a person can be told: masked, with the place in the input. */
  named: readonly string[];
}

const SMALLER =
  'Submit the same files again with a smaller --invite-size: the invite is then sent in parts.';

/** What an answer to the invite leads to (docspace-contract 2.6, 2.8 and 8). */
export function afterInvite(verdict: Verdict<unknown>, facts: AfterInvite): Outcome {
  if (verdict.kind === 'rate-limited' && isTooBig(verdict, facts)) {
    const reason = `The portal allows ${verdict.limit} invitations a day, and the request holds ${facts.people}.`;
    return held('invite-too-big', reason, SMALLER);
  }
  if (verdict.kind === 'stopped' && verdict.code === 'invite-refused') {
    const { code, reason, remedy } = verdict;
    return held(code, withNames(reason, facts.named), remedy);
  }
  return aboutPortal(verdict) ?? unsettled(verdict, facts);
}

/** Such a request takes all that is left of the day and is refused again tomorrow (contract 4). */
function isTooBig(
  verdict: Extract<Verdict<never>, { kind: 'rate-limited' }>,
  { people }: AfterInvite,
): boolean {
  return verdict.limiter === 'invitations' && people > (verdict.limit ?? Number.POSITIVE_INFINITY);
}

function unsettled(verdict: Verdict<unknown>, facts: AfterInvite): Outcome {
  if (verdict.kind === 'ok') return { kind: 'completed', result: `invited ${facts.people}` };
  const code = 'code' in verdict ? verdict.code : verdict.kind;
  const reason = 'reason' in verdict ? verdict.reason : 'The portal gave no usable answer.';
  if (verdict.kind === 'unknown') {
    if (facts.unanswered + 1 >= facts.attempts.most) {
      return held('invite-unanswered', `The invite request is not answered. ${reason}`, SMALLER);
    }
    return code === 'gateway-error' ? { kind: 'outage', code } : { kind: 'retryable', code };
  }
  // A race with another creation (trap 4) passes; the same refusal again and again does not.
  if (verdict.kind === 'conflict' && facts.attempts.made < facts.attempts.most) {
    return { kind: 'retryable', code };
  }
  const remedy = 'Mend what the portal names: the invite is then sent again.';
  return held(`invite-${code}`, `The invite request was not accepted. ${reason}`, remedy);
}

function withNames(reason: string, named: readonly string[]): string {
  return named.length === 0 ? reason : `${reason} It is about ${named.join(' and ')}.`;
}

function held(code: string, reason: string, remedy: string): Outcome {
  return { kind: 'held', hold: { code, reason, remedy } };
}
