import { noteRow, type PendingRow, type RowOutcome, readRow, settleRow } from '../ledger/rows.ts';
import { compareAccount } from '../portal/compare-account.ts';
import type { Account } from '../portal/wire.ts';
import type { CreateUserPayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { lookUp } from './look-up.ts';
import type { Outcome } from './outcome.ts';
import { otherPortal, reactionTo } from './reaction.ts';

type Readable = Extract<PendingRow, { state: 'pending' }>;

/**
 * One start of a create-user job. A start sends at most one request, so that the queue's limiter
 * counts requests: a row in doubt is looked up in one start and, when it is absent, posted in the
 * next. (Only a look that finds an account which may be ours also asks who owns our key.) The
 * doubt is written before the POST, so that a worker killed in between leaves it behind
 * (architecture, rule 3).
 */
export async function createUser(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const row = await readRow(deps.ledger, ref);
  if (row.state === 'settled') return { kind: 'completed', result: 'settled before' };
  if (row.state === 'unreadable') {
    const outcome = { code: 'row-unreadable', reason: row.reason };
    await settleRow(deps.ledger, ref, { state: 'failed', outcome });
    return { kind: 'unrecoverable', code: outcome.code };
  }
  const elsewhere = otherPortal(row.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  if (row.outcome.doubt !== undefined)
    return lookUp(deps, { ref, row, doubt: row.outcome.doubt }, attempt);
  return post(deps, { ref, row }, attempt);
}

async function post(
  deps: WorkerDeps,
  { ref, row }: { ref: CreateUserPayload; row: Readable },
  attempt: Attempt,
): Promise<Outcome> {
  const { mayBeOurs } = row.outcome;
  const note = (outcome: RowOutcome) => noteRow(deps.ledger, ref, { mayBeOurs, ...outcome });
  const { person } = row.input;
  if (!(await note({ doubt: { kind: 'posting' } })))
    return { kind: 'completed', result: 'settled before' };
  const verdict = await deps.portal.createPerson(person);
  const reaction = reactionTo(verdict);
  if (reaction !== undefined) {
    // A refusal that stops everything can come after the account exists (contract 2.1, step 14).
    await note(verdict.kind === 'stopped' ? { mayBeOurs: true } : {});
    return reaction;
  }
  deps.pressure.answered();
  switch (verdict.kind) {
    case 'ok': {
      const warnings = compareAccount(person, verdict.value);
      const outcome = created(verdict.value, { attempts: attempt.number, warnings });
      await settleRow(deps.ledger, ref, { state: 'created', outcome });
      return { kind: 'completed', result: 'created' };
    }
    case 'refused':
    case 'conflict': {
      const doubt = { kind: verdict.kind, code: verdict.code, reason: verdict.reason };
      await note({ doubt, ...(verdict.code === 'culture-unknown' ? { mayBeOurs: true } : {}) });
      return { kind: 'again', delayMs: 0 };
    }
    case 'unknown':
      await note({ doubt: { kind: 'posting', code: verdict.code, reason: verdict.reason } });
      return attempt.isLast
        ? { kind: 'again', delayMs: LAST_LOOK_MS }
        : { kind: 'retryable', code: verdict.code };
    default:
      return { kind: 'retryable', code: `unexpected-${verdict.kind}` };
  }
}

/** The portal may still be busy with a request for 30 s (contract, section 6): the last look waits. */
const LAST_LOOK_MS = 35_000;

function created(account: Account, rest: { attempts: number; warnings: string[] }): RowOutcome {
  const { attempts, warnings } = rest;
  return { portalId: account.id, attempts, ...(warnings.length > 0 ? { warnings } : {}) };
}
