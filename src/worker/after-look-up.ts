import type { Doubt } from '../ledger/rows.ts';
import { emailIdentity, type Person } from '../person.ts';
import { compareAccount } from '../portal/compare-account.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { Account } from '../portal/wire.ts';
import { aboutPortal } from './about-portal.ts';
import type { Attempt } from './deps.ts';
import type { Reaction } from './outcome.ts';

/** What the meaning of an answer to GET /people/email depends on. */
export interface AfterLookUp {
  person: Person;
  doubt: Doubt;
  attempt: Pick<Attempt, 'number' | 'isLast'>;
  /** Whether an account that was found was created by this batch; `unknown` when nobody can say now. */
  ours: boolean | 'unknown';
  /** Wait before the next look when this one ended without an answer, ms. */
  nextLookMs: number;
}

/**
 * A look is a read and may be repeated, but not for ever: 20 of them, waiting as attempts do (with
 * the defaults about 16 minutes), are an end that a person should hear of.
 */
const MOST_LOOKS = 20;

/** What an answer to GET /people/email leads to (docspace-contract 2.2 and 8). */
export function afterLookUp(verdict: Verdict<Account>, facts: AfterLookUp): Reaction {
  const outcome = aboutPortal(verdict);
  if (outcome !== undefined) return { outcome };
  switch (verdict.kind) {
    case 'ok':
      return found(verdict.value, facts);
    case 'absent':
      return absent(facts);
    case 'refused':
      // The portal cannot even look for this address, so it did not take it either.
      return fail(facts, facts.doubt.code ?? verdict.code, facts.doubt.reason ?? verdict.reason);
    default:
      return unanswered('code' in verdict ? verdict.code : verdict.kind, facts);
  }
}

function found(account: Account, facts: AfterLookUp): Reaction {
  const { person, attempt, ours } = facts;
  if (emailIdentity(person.email) !== emailIdentity(account.email)) {
    // The portal's search may ignore accents (contract, trap 20): that account is somebody else's.
    const reason = 'The portal takes this address for that of another account: see to it there.';
    return fail(facts, 'address-taken', reason, account.id);
  }
  if (ours === 'unknown') return unanswered('owner-unknown', facts);
  const warnings = compareAccount(person, account);
  const state = ours ? 'created' : 'existing';
  const outcome = {
    portalId: account.id,
    attempts: attempt.number,
    ...(ours ? {} : existingBecause(account)),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  return { row: { kind: 'settle', state, outcome }, outcome: { kind: 'completed', result: state } };
}

/** A disabled account counts as there, but a person should know (contract, trap 25). */
function existingBecause(account: Account): { code: string; reason: string } {
  const disabled = account.status === 2;
  return disabled
    ? { code: 'already-there-disabled', reason: 'The account is on the portal already, disabled.' }
    : { code: 'already-there', reason: 'The account is on the portal already.' };
}

function absent(facts: AfterLookUp): Reaction {
  const { doubt, attempt } = facts;
  const { code = 'unanswered', reason = 'The portal gave no answer.' } = doubt;
  if (doubt.kind === 'refused') return fail(facts, code, reason);
  // A POST whose worker was killed has no code: it was no attempt, so there is one left.
  if (attempt.isLast && doubt.code !== undefined) return fail(facts, code, reason);
  const row = { kind: 'note', doubt: undefined } as const;
  if (doubt.kind === 'conflict') return { row, outcome: { kind: 'retryable', code } };
  return { row, outcome: { kind: 'again', delayMs: 0 } };
}

function unanswered(code: string, facts: AfterLookUp): Reaction {
  if (code === 'gateway-error') return { outcome: { kind: 'outage', code } };
  const looks = (facts.doubt.looks ?? 0) + 1;
  if (looks < MOST_LOOKS) {
    const row = { kind: 'note', doubt: { ...facts.doubt, looks } } as const;
    return { row, outcome: { kind: 'again', delayMs: facts.nextLookMs } };
  }
  const reason = `The portal does not say whether the account exists (${code}): look this person up there.`;
  return fail(facts, 'outcome-unknown', reason);
}

function fail(facts: AfterLookUp, code: string, reason: string, portalId?: string): Reaction {
  const id = portalId === undefined ? {} : { portalId };
  const outcome = { code, reason, attempts: facts.attempt.number, ...id };
  const row = { kind: 'settle', state: 'failed', outcome } as const;
  return { row, outcome: { kind: 'unrecoverable', code } };
}
