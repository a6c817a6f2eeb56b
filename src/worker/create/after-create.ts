import type { Doubt } from '../../ledger/rows/row-codec.ts';
import type { Person } from '../../people/person.ts';
import { compareAccount } from '../../portal/compare-account.ts';
import type { UnknownVerdict, Verdict } from '../../portal/verdict.ts';
import type { Account } from '../../portal/wire.ts';
import type { Attempt } from '../deps.ts';
import {
  droppedWarning,
  lackedGroups,
  missingWarnings,
  noGroups,
  type RowGroups,
} from '../groups/row-groups.ts';
import { done, putBack, type Reaction, retry, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';
import { postedAccount } from './account-marks.ts';

/** The input for the meaning of an answer to POST /people. */
export interface AfterCreate {
  person: Person;
  groups?: RowGroups | undefined;
  attempt: Pick<Attempt, 'number' | 'isLast'>;
  /** When the answer came, ms. */
  now: number;
  lookUpDelayMs: number;
}

/** Decides what follows an answer to POST /people (P-CREATE-01 to P-CREATE-18). */
export function afterCreate(verdict: Verdict<Account>, facts: AfterCreate): Reaction {
  switch (verdict.kind) {
    case 'ok':
      return created(verdict.value, facts);
    case 'refused':
    case 'conflict': {
      const { kind, code, reason } = verdict;
      return { row: { kind: 'note', doubt: { kind, code, reason } }, outcome: snooze() };
    }
    case 'unknown':
      return inDoubt(verdict, facts);
    case 'rate-limited':
    case 'unreachable':
      return { row: { kind: 'note', doubt: undefined }, outcome: portalOutcome(verdict) };
    case 'stopped':
      // A refusal that stops everything can come after the account exists (P-CREATE-13).
      return { row: { kind: 'note', doubt: { kind: 'posting' } }, outcome: portalOutcome(verdict) };
    case 'absent':
      return { outcome: retry('unexpected-absent') };
  }
}

function created(account: Account, facts: AfterCreate): Reaction {
  const { person, attempt, groups = noGroups } = facts;
  const dropped = lackedGroups(groups.asked, account).map(droppedWarning);
  const warnings = [...compareAccount(person, account), ...missingWarnings(groups), ...dropped];
  const { marks, role } = postedAccount(person, account);
  if (dropped.length > 0) marks.push('groupless');
  const outcome = {
    portalId: account.id,
    attempts: attempt.number,
    role,
    warnings: warnings.length > 0 ? warnings : undefined,
  };
  return { row: { kind: 'settle', state: 'created', outcome, marks }, outcome: done('created') };
}

function inDoubt({ code, reason }: UnknownVerdict, facts: AfterCreate): Reaction {
  const doubt: Doubt = { kind: 'posting', code, reason, at: facts.now };
  const row = { kind: 'note', doubt } as const;
  if (isOutage(code)) return { row, outcome: putBack({ kind: 'outage', code }) };
  const delayMs = waitBeforeLookup(doubt, facts);
  return { row, outcome: facts.attempt.isLast ? snooze(delayMs) : retry(code, delayMs) };
}

/** Codes after which the portal has finished the request: its answer, or the head of it, arrived. */
const ENDED: ReadonlySet<string> = new Set([
  'server-error',
  'portal-lock',
  'truncated',
  'not-json',
  'wrong-envelope',
]);

/**
 * How long to wait before a row in doubt is looked up, ms. A request whose answer is missing may
 * still wait for the portal's own lock, so that a lookup at once would find nobody (P-RACE-01,
 * P-CREATE-16). A clock that was set back must not lengthen the wait beyond the delay.
 */
export function waitBeforeLookup(
  doubt: Doubt,
  { now, lookUpDelayMs }: Pick<AfterCreate, 'now' | 'lookUpDelayMs'>,
): number {
  if (doubt.kind !== 'posting' || doubt.at === undefined) return 0;
  if (doubt.code !== undefined && ENDED.has(doubt.code)) return 0;
  const left = doubt.at + lookUpDelayMs - now;
  return Math.min(Math.max(left, 0), lookUpDelayMs);
}
