import type { Doubt } from '../../ledger/rows/row-codec.ts';
import { emailIdentity, type Person } from '../../people/person.ts';
import { compareAccount } from '../../portal/compare-account.ts';
import type { Verdict } from '../../portal/verdict.ts';
import type { Account } from '../../portal/wire.ts';
import type { Attempt } from '../deps.ts';
import { lackedGroups, missingWarnings, noGroups, type RowGroups } from '../groups/row-groups.ts';
import { done, fail, putBack, type Reaction, retry, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';
import { earlierAccount, foundAccount } from './account-marks.ts';

/** The input for the meaning of an answer to GET /people/email. */
export interface AfterLookUp {
  person: Person;
  groups?: RowGroups | undefined;
  doubt: Doubt;
  attempt: Pick<Attempt, 'number' | 'isLast'>;
  /** Whether this batch created the account that was found; `unknown` when nobody can say now. */
  ours: boolean | 'unknown';
  /** Wait before the next lookup when this one ended without an answer, ms. */
  nextLookMs: number;
}

/**
 * Lookups of a row at most. Lookups only read and may be repeated, but a person should hear of a
 * row that 20 of them did not settle: with the default backoff, after about 16 minutes.
 */
const MOST_LOOKUPS = 20;

/** Decides what follows an answer to GET /people/email (P-LOOKUP-01 to P-LOOKUP-06). */
export function afterLookUp(verdict: Verdict<Account>, facts: AfterLookUp): Reaction {
  switch (verdict.kind) {
    case 'ok':
      return found(verdict.value, facts);
    case 'absent':
      return absent(facts);
    case 'refused': {
      if (verdict.code === 'account-broken') return failed(facts, verdict);
      // The portal cannot even look for this address, so it did not take it either.
      const { code = verdict.code, reason = verdict.reason } = facts.doubt;
      return failed(facts, { code, reason });
    }
    case 'conflict':
    case 'unknown':
      return unanswered(verdict.code, facts);
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return { outcome: portalOutcome(verdict) };
  }
}

function found(account: Account, facts: AfterLookUp): Reaction {
  const { person, attempt, ours } = facts;
  const { id: portalId } = account;
  if (emailIdentity(person.email) !== emailIdentity(account.email)) {
    // The portal's search may ignore accents (P-LOOKUP-04): the account is somebody else's.
    const reason = 'The portal takes this address for that of another account: check it there.';
    return failed(facts, { code: 'address-taken', reason, portalId });
  }
  if (ours === 'unknown') return unanswered('owner-unknown', facts);
  const joining = groupsToJoin(account, facts);
  const warnings = [...compareAccount(person, account), ...joining.warnings];
  const state = ours ? 'created' : 'existing';
  const { marks, role } = (ours ? foundAccount : earlierAccount)(person, account);
  if (joining.joins !== undefined) marks.push('to-join');
  const outcome = {
    portalId,
    attempts: attempt.number,
    role,
    joins: joining.joins,
    ...(!ours && existingBecause(account)),
    warnings: warnings.length > 0 ? warnings : undefined,
  };
  return { row: { kind: 'settle', state, outcome, marks }, outcome: done(state) };
}

/** People who had an account stay as they are, unless the submission asks for their groups. */
function groupsToJoin(account: Account, { groups = noGroups, ours }: AfterLookUp) {
  if (!ours && !groups.joinExisting) return { warnings: [], joins: undefined };
  const joins = lackedGroups(groups.asked, account);
  return { warnings: missingWarnings(groups), joins: joins.length > 0 ? joins : undefined };
}

/** A disabled account counts as existing, but a person should know (P-LOOKUP-03). */
function existingBecause(account: Account): { code: string; reason: string } {
  return account.status === 2
    ? { code: 'already-there-disabled', reason: 'The account exists on the portal, disabled.' }
    : { code: 'already-there', reason: 'The account exists on the portal already.' };
}

function absent(facts: AfterLookUp): Reaction {
  const { doubt, attempt } = facts;
  const { code = 'unanswered', reason = 'The portal gave no answer.' } = doubt;
  if (doubt.kind === 'refused') return failed(facts, { code, reason });
  // A POST whose worker was killed has no code: it was no attempt, so one attempt is left.
  if (attempt.isLast && doubt.code !== undefined) return failed(facts, { code, reason });
  const row = { kind: 'note', doubt: undefined } as const;
  return { row, outcome: doubt.kind === 'conflict' ? retry(code) : snooze() };
}

function unanswered(code: string, facts: AfterLookUp): Reaction {
  if (isOutage(code)) return { outcome: putBack({ kind: 'outage', code }) };
  const looks = (facts.doubt.looks ?? 0) + 1;
  if (looks < MOST_LOOKUPS) {
    const row = { kind: 'note', doubt: { ...facts.doubt, looks } } as const;
    return { row, outcome: snooze(facts.nextLookMs) };
  }
  const reason = `The portal does not say whether the account exists (${code}): look this person up there.`;
  return failed(facts, { code: 'outcome-unknown', reason });
}

interface Failure {
  code: string;
  reason: string;
  portalId?: string;
}

function failed({ attempt }: AfterLookUp, { code, reason, portalId }: Failure): Reaction {
  const outcome = { code, reason, portalId, attempts: attempt.number };
  return { row: { kind: 'settle', state: 'failed', outcome }, outcome: fail(code) };
}
