import { accountBefore } from '../ledger/claims.ts';
import type { Doubt, PendingRow } from '../ledger/rows.ts';
import { emailIdentity } from '../person.ts';
import type { Account } from '../portal/wire.ts';
import { aboutPortal } from './about-portal.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { keepClock } from './keep-clock.ts';
import type { Reaction } from './outcome.ts';
import { createdByBatch } from './provenance.ts';
import { reactionTo } from './reaction.ts';

interface InDoubt {
  batch: string;
  row: Extract<PendingRow, { state: 'pending' }>;
  doubt: Doubt;
}

interface Found {
  account: Account;
  /** The portal's clock when it answered, ms. */
  answeredAt: number | undefined;
}

/** Settles a doubt by asking the portal for the person: found, absent, or to be asked again. */
export async function lookUp(
  deps: WorkerDeps,
  { batch, row, doubt }: InDoubt,
  attempt: Attempt,
): Promise<Reaction> {
  const { person } = row.input;
  const verdict = await deps.portal.findByEmail(person.email);
  await deps.pressure.heard(verdict);
  await keepClock(deps, { batch, row });
  const ours =
    verdict.kind === 'ok'
      ? await isOurs(deps, row, { account: verdict.value, answeredAt: verdict.answeredAt })
      : false;
  if (typeof ours === 'object') return ours;
  const nextLookMs = deps.pressure.backoffMs((doubt.looks ?? 0) + 1);
  const facts = { person, doubt, attempt, ours, nextLookMs };
  return reactionTo({ step: 'look-up', verdict, facts });
}

/** Whether this batch made the account; or what to do when the portal does not let us know. */
async function isOurs(
  deps: WorkerDeps,
  row: InDoubt['row'],
  { account, answeredAt }: Found,
): Promise<boolean | 'unknown' | Reaction> {
  const { email } = row.input.person;
  if (emailIdentity(email) !== emailIdentity(account.email)) return false;
  const redisNow = await redisTime(deps);
  const { acceptedAt, acceptedOnPortal } = row;
  const clocks = { acceptedAt, acceptedOnPortal, redisNow, answeredAt: answeredAt ?? redisNow };
  if (!createdByBatch({ account, ...clocks, ownerId: undefined })) return false;
  // Two lists with the same people, one right after the other, are within a second of each other.
  if ((await accountBefore(deps.ledger, email)) === account.id) return false;
  if (account.createdBy === undefined) return true;
  const owner = await deps.owner();
  const outcome = aboutPortal(owner);
  if (outcome !== undefined) return { outcome };
  if (owner.kind !== 'ok') return 'unknown';
  return createdByBatch({ account, ...clocks, ownerId: owner.value.ownerId });
}

async function redisTime(deps: WorkerDeps): Promise<number> {
  const [seconds = 0, micros = 0] = await deps.ledger.redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
