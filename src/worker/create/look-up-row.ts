import { accountBefore } from '../../ledger/rows/claims.ts';
import type { PendingRow } from '../../ledger/rows/pending-row.ts';
import type { Doubt } from '../../ledger/rows/row-codec.ts';
import { emailIdentity } from '../../people/person.ts';
import type { Account } from '../../portal/wire.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import type { RowGroups } from '../groups/row-groups.ts';
import type { Turn } from '../limits/turns.ts';
import type { Reaction } from '../outcome.ts';
import { portalOutcome } from '../pressure/portal-outcome.ts';
import { afterLookUp } from './after-look-up.ts';
import { notePortalClock } from './portal-clock.ts';
import { createdByBatch } from './provenance.ts';

interface InDoubt {
  batch: string;
  row: PendingRow;
  doubt: Doubt;
  groups: RowGroups;
  turn: Turn;
  /** The time by Redis' clock, ms. */
  redisNow: () => number;
}

interface Found {
  account: Account;
  /** The portal's clock when it answered, ms. */
  answeredAt: number | undefined;
  /** Redis' clock then, ms. */
  now: number;
}

/** Settles a doubt by a lookup: found, absent, or to be repeated. */
export async function lookUp(
  deps: WorkerDeps,
  { batch, row, doubt, groups, turn, redisNow }: InDoubt,
  attempt: Attempt,
): Promise<Reaction> {
  const { person } = row;
  const verdict = await deps.portal.findByEmail(person.email, turn);
  await deps.pressure.heard(verdict);
  await notePortalClock(deps, batch, row);
  const ours =
    verdict.kind === 'ok'
      ? await isOurs(deps, row, {
          account: verdict.value,
          answeredAt: verdict.answeredAt,
          now: redisNow(),
        })
      : false;
  if (typeof ours === 'object') return ours;
  const nextLookMs = deps.pressure.backoffMs((doubt.looks ?? 0) + 1);
  return afterLookUp(verdict, { person, groups, doubt, attempt, ours, nextLookMs });
}

/** Whether this batch created the account, or the outcome when the portal does not tell. */
async function isOurs(
  deps: WorkerDeps,
  { person, acceptedAt, acceptedOnPortal }: PendingRow,
  { account, answeredAt, now }: Found,
): Promise<boolean | 'unknown' | Reaction> {
  const { email } = person;
  if (emailIdentity(email) !== emailIdentity(account.email)) return false;
  const answered = answeredAt ?? now;
  const clocks = { acceptedAt, acceptedOnPortal, redisNow: now, answeredAt: answered };
  if (!createdByBatch({ account, ...clocks, ownerId: undefined })) return false;
  // Two lists with the same people, one right after the other, are within a second of each other.
  if ((await accountBefore(deps.ledger, email)) === account.id) return false;
  if (account.createdBy === undefined) return true;
  const owner = await deps.owner();
  switch (owner.kind) {
    case 'ok':
      return createdByBatch({ account, ...clocks, ownerId: owner.value.ownerId });
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return { outcome: portalOutcome(owner) };
    case 'absent':
    case 'refused':
    case 'conflict':
    case 'unknown':
      return 'unknown';
  }
}
