import type { Doubt } from '../ledger/rows.ts';
import type { Person } from '../person.ts';
import { compareAccount } from '../portal/compare-account.ts';
import type { UnknownVerdict, Verdict } from '../portal/verdict.ts';
import type { Account } from '../portal/wire.ts';
import { aboutPortal } from './about-portal.ts';
import type { Attempt } from './deps.ts';
import type { Reaction } from './outcome.ts';

/** What the meaning of an answer to POST /people depends on. */
export interface AfterCreate {
  person: Person;
  attempt: Pick<Attempt, 'number' | 'isLast'>;
  /** When the answer came, ms. */
  now: number;
  lookUpDelayMs: number;
}

/** What an answer to POST /people leads to (docspace-contract 2.1 and 8). */
export function afterCreate(verdict: Verdict<Account>, facts: AfterCreate): Reaction {
  const outcome = aboutPortal(verdict);
  if (outcome !== undefined) {
    // A refusal that stops everything can come after the account exists (contract 2.1, step 14).
    const doubt: Doubt | undefined = verdict.kind === 'stopped' ? { kind: 'posting' } : undefined;
    return { row: { kind: 'note', doubt }, outcome };
  }
  switch (verdict.kind) {
    case 'ok':
      return created(verdict.value, facts);
    case 'refused':
    case 'conflict': {
      const { kind, code, reason } = verdict;
      const doubt: Doubt = { kind, code, reason };
      return { row: { kind: 'note', doubt }, outcome: { kind: 'again', delayMs: 0 } };
    }
    case 'unknown':
      return inDoubt(verdict, facts);
    default:
      return { outcome: { kind: 'retryable', code: `unexpected-${verdict.kind}` } };
  }
}

function created(account: Account, { person, attempt }: AfterCreate): Reaction {
  const warnings = compareAccount(person, account);
  const outcome = {
    portalId: account.id,
    attempts: attempt.number,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const row = { kind: 'settle', state: 'created', outcome } as const;
  return { row, outcome: { kind: 'completed', result: 'created' } };
}

function inDoubt(verdict: UnknownVerdict, facts: AfterCreate): Reaction {
  const { code, reason } = verdict;
  const doubt: Doubt = { kind: 'posting', code, reason, at: facts.now };
  const row = { kind: 'note', doubt } as const;
  if (code === 'gateway-error') return { row, outcome: { kind: 'outage', code } };
  const delayMs = waitBeforeLook(doubt, facts);
  if (facts.attempt.isLast) return { row, outcome: { kind: 'again', delayMs } };
  return { row, outcome: { kind: 'retryable', code, delayMs } };
}

/** After these the portal was done with the request: its answer, or the head of it, came. */
const ENDED: ReadonlySet<string> = new Set([
  'server-error',
  'portal-lock',
  'truncated',
  'not-json',
  'wrong-envelope',
]);

/**
 * How long to wait before a row in doubt is looked up, ms. A request whose answer is missing may
 * still wait for the portal's own lock, so that a look at once would find nobody (contract,
 * section 6 and trap 6). A clock that was put back must not make it wait longer than the delay.
 */
export function waitBeforeLook(
  doubt: Doubt,
  facts: { now: number; lookUpDelayMs: number },
): number {
  if (doubt.kind !== 'posting' || doubt.at === undefined) return 0;
  if (doubt.code !== undefined && ENDED.has(doubt.code)) return 0;
  const left = doubt.at + facts.lookUpDelayMs - facts.now;
  return Math.min(Math.max(left, 0), facts.lookUpDelayMs);
}
