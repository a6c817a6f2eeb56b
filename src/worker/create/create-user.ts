import { tooManyFailures } from '../../ledger/rows/failures.ts';
import {
  noteRow,
  type PendingRow,
  type RowRef,
  readRow,
  settleRow,
} from '../../ledger/rows/rows.ts';
import type { CreateUserPayload } from '../../queue/payloads.ts';
import { holdReason } from '../../stops.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { type RowGroups, rowGroups } from '../groups/row-groups.ts';
import { insist } from '../insist.ts';
import { done, fail, type Outcome, type Reaction, snooze } from '../outcome.ts';
import { otherPortal } from '../pressure/portal-outcome.ts';
import { afterCreate, waitBeforeLookup } from './after-create.ts';
import { lookUp } from './look-up-row.ts';
import { notePortalClock } from './portal-clock.ts';

/** A row that is to be worked, with its place in the ledger. */
interface Work {
  ref: RowRef;
  row: PendingRow;
  groups: RowGroups;
}

/**
 * One start of a create-user job: read the row, send at most one request, decide what its answer
 * means, write the row. A row in doubt is looked up in one start and, when it is absent, posted in
 * the next, so that the queue's limiter counts requests.
 */
export async function createUser(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const row = await readRow(deps.ledger, ref);
  if (row.state === 'settled') return settledBefore;
  if (row.state === 'unreadable') return apply(deps, ref, unreadable(row.reason));
  const elsewhere = otherPortal(row.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  const { doubt } = row.outcome;
  if (doubt === undefined && row.cancelling) return apply(deps, ref, cancelled);
  const groups = await rowGroups(deps, ref.batch, row);
  if ('job' in groups) return groups;
  if (doubt === undefined) return apply(deps, ref, await post(deps, { ref, row, groups }, attempt));
  const delayMs = waitBeforeLookup(doubt, { ...deps, now: deps.now() });
  if (delayMs > 0) return snooze(delayMs);
  return apply(deps, ref, await lookUp(deps, { batch: ref.batch, row, doubt, groups }, attempt));
}

const settledBefore = done('settled before');

const cancelled: Reaction = {
  row: { kind: 'settle', state: 'cancelled', outcome: {} },
  outcome: done('cancelled'),
};

function unreadable(reason: string): Reaction {
  const code = 'row-unreadable';
  const row = { kind: 'settle', state: 'failed', outcome: { code, reason } } as const;
  return { row, outcome: fail(code) };
}

/** Notes the doubt before the POST, so that a worker killed in between leaves it (rule 3). */
async function post(
  deps: WorkerDeps,
  { ref, row, groups }: Work,
  attempt: Attempt,
): Promise<Reaction> {
  const doubt = { kind: 'posting', at: deps.now() } as const;
  if (!(await noteRow(deps.ledger, ref, { doubt }))) return { outcome: settledBefore };
  const { person } = row;
  const ids = groups.asked.map(({ id }) => id);
  const department = ids.length === 0 ? undefined : ids;
  const verdict = await deps.portal.createPerson({ ...person, department });
  await deps.pressure.heard(verdict);
  await notePortalClock(deps, ref.batch, row);
  const { lookUpDelayMs } = deps;
  return afterCreate(verdict, { person, groups, attempt, now: deps.now(), lookUpDelayMs });
}

/** Writes the outcome of the row. Too many failures of a list stop all workers. */
async function apply(deps: WorkerDeps, ref: RowRef, { row, outcome }: Reaction): Promise<Outcome> {
  if (row?.kind === 'note') await noteRow(deps.ledger, ref, { doubt: row.doubt });
  if (row?.kind === 'settle') {
    await insist(() => settleRow(deps.ledger, ref, row), deps);
    if (row.state === 'failed') await holdAtFailures(deps, ref.batch);
  }
  return outcome;
}

async function holdAtFailures({ ledger, pressure }: WorkerDeps, batch: string): Promise<void> {
  const tally = await tooManyFailures(ledger, batch);
  if (tally === undefined) return;
  const { failed, settled } = tally;
  await pressure.hold({ ...holdReason('too-many-failures', { failed, settled, batch }), batch });
}
