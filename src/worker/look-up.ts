import {
  type Doubt,
  noteRow,
  type PendingRow,
  type RowOutcome,
  settleRow,
} from '../ledger/rows.ts';
import { emailIdentity } from '../person.ts';
import { compareAccount } from '../portal/compare-account.ts';
import type { Account } from '../portal/wire.ts';
import type { CreateUserPayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import type { Outcome } from './outcome.ts';
import { createdByBatch } from './provenance.ts';
import { reactionTo } from './reaction.ts';

interface InDoubt {
  ref: CreateUserPayload;
  row: Extract<PendingRow, { state: 'pending' }>;
  doubt: Doubt;
}

/** Settles a doubt by asking the portal for the person: found, absent, or to be asked again. */
export async function lookUp(
  deps: WorkerDeps,
  inDoubt: InDoubt,
  attempt: Attempt,
): Promise<Outcome> {
  const verdict = await deps.portal.findByEmail(inDoubt.row.input.person.email);
  const reaction = reactionTo(verdict);
  if (reaction !== undefined) return reaction;
  deps.pressure.answered();
  if (verdict.kind === 'ok') {
    return found(deps, inDoubt, {
      account: verdict.value,
      answeredAt: verdict.answeredAt,
      attempt,
    });
  }
  if (verdict.kind === 'absent') return absent(deps, inDoubt, attempt);
  const code = 'code' in verdict ? verdict.code : verdict.kind;
  if (!attempt.isLast) return { kind: 'retryable', code };
  return fail(deps, inDoubt.ref, {
    code: 'outcome-unknown',
    reason: `The portal does not say whether the account exists (${code}): look this person up there.`,
    attempts: attempt.number,
  });
}

interface Found {
  account: Account;
  answeredAt: number | undefined;
  attempt: Attempt;
}

async function found(deps: WorkerDeps, inDoubt: InDoubt, answer: Found): Promise<Outcome> {
  const { ref, row } = inDoubt;
  const { account, attempt } = answer;
  if (!isSamePerson(row.input.person.email, account.email)) {
    return fail(deps, ref, { portalId: account.id, attempts: attempt.number, ...otherAddress });
  }
  const ours = mayBeOurs(inDoubt) ? await isOurs(deps, row, answer) : false;
  if (typeof ours !== 'boolean') return ours;
  const warnings = compareAccount(row.input.person, account);
  const outcome: RowOutcome = {
    portalId: account.id,
    attempts: attempt.number,
    ...(ours ? {} : existingBecause(account)),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const state = ours ? 'created' : 'existing';
  await settleRow(deps.ledger, ref, { state, outcome });
  return { kind: 'completed', result: state };
}

/**
 * Only a POST whose answer is missing can have made the account. One that was clearly refused did
 * not, however young the account is: another batch, or a person, may have made it a second ago.
 */
function mayBeOurs({ row, doubt }: InDoubt): boolean {
  return doubt.kind === 'posting' || row.outcome.mayBeOurs === true;
}

/** Whether our lost POST made the account; or what to do when the portal does not let us know. */
async function isOurs(
  deps: WorkerDeps,
  row: InDoubt['row'],
  answer: Found,
): Promise<boolean | Outcome> {
  const { account } = answer;
  const redisNow = await redisTime(deps);
  const answeredAt = answer.answeredAt ?? redisNow;
  const facts = { account, acceptedAt: row.acceptedAt, answeredAt, redisNow };
  let ours = createdByBatch({ ...facts, ownerId: undefined });
  // Only an account that is young enough asks for its creator, so that a list of people who are
  // there already costs no second request each.
  if (ours && account.createdBy !== undefined) {
    const owner = await deps.portal.whoami();
    const reaction = reactionTo(owner);
    if (reaction !== undefined) return reaction;
    if (owner.kind !== 'ok') return { kind: 'outage', code: 'owner-unknown' };
    ours = createdByBatch({ ...facts, ownerId: owner.value.ownerId });
  }
  return ours;
}

/** The portal's search may ignore accents (contract, trap 20): that account is somebody else's. */
function isSamePerson(asked: string, found: string): boolean {
  return emailIdentity(asked) === emailIdentity(found);
}

const otherAddress = {
  code: 'address-taken',
  reason: 'The portal takes this address for that of another account: see to it there.',
};

/** A disabled account counts as there, but a person should know (contract, trap 25). */
function existingBecause(account: Account): RowOutcome {
  const disabled = account.status === 2;
  return disabled
    ? { code: 'already-there-disabled', reason: 'The account is on the portal already, disabled.' }
    : { code: 'already-there', reason: 'The account is on the portal already.' };
}

async function absent(
  deps: WorkerDeps,
  { ref, row, doubt }: InDoubt,
  attempt: Attempt,
): Promise<Outcome> {
  const { code = 'unanswered', reason = 'The portal gave no answer.' } = doubt;
  const giveUp = () => fail(deps, ref, { code, reason, attempts: attempt.number });
  if (doubt.kind === 'refused') return giveUp();
  if (doubt.kind === 'conflict' && !attempt.isLast) {
    await noteRow(deps.ledger, ref, { mayBeOurs: row.outcome.mayBeOurs });
    return { kind: 'retryable', code };
  }
  // A POST whose worker was killed has no code: it was no attempt, so there is one left.
  if (attempt.isLast && doubt.code !== undefined) return giveUp();
  await noteRow(deps.ledger, ref, { mayBeOurs: true });
  return { kind: 'again', delayMs: 0 };
}

async function fail(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  outcome: RowOutcome & { code: string },
): Promise<Outcome> {
  await settleRow(deps.ledger, ref, { state: 'failed', outcome });
  return { kind: 'unrecoverable', code: outcome.code };
}

async function redisTime(deps: WorkerDeps): Promise<number> {
  const [seconds = 0, micros = 0] = await deps.ledger.redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
