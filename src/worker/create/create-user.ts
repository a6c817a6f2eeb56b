import { tooManyFailures } from '../../ledger/rows/failures.ts';
import { type AdmittedRow, admitRow, type PendingRow } from '../../ledger/rows/pending-row.ts';
import type { Doubt } from '../../ledger/rows/row-codec.ts';
import { noteRow, type RowRef, settleRow } from '../../ledger/rows/rows.ts';
import type { CreateUserPayload } from '../../queue/payloads.ts';
import { holdReason } from '../../stops.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { type RowGroups, rowGroups } from '../groups/row-groups.ts';
import { insist } from '../insist.ts';
import { NotNow, type Turn } from '../limits/turns.ts';
import { done, fail, type Outcome, type Reaction, snooze } from '../outcome.ts';
import { otherPortal } from '../pressure/portal-outcome.ts';
import { afterCreate, waitBeforeLookup } from './after-create.ts';
import { lookUp } from './look-up-row.ts';
import { notePortalClock } from './portal-clock.ts';

/** A row that a job may ask the portal about, and the place of its request. */
export interface Admitted extends AdmittedRow {
  turn: Turn;
}

/** A row that is to be worked, with its place in the ledger. */
interface Work extends Pick<Admitted, 'turn' | 'isPosting'> {
  ref: RowRef;
  row: PendingRow;
  groups: RowGroups;
}

/** Waits until a request may be sent soon, then asks for admission and reads the row in one trip. */
export async function admitUser(deps: WorkerDeps, ref: CreateUserPayload, attempt: Attempt) {
  const turn = await deps.limits.soon();
  const asking = deps.pressure.asking(attempt.queue, attempt.jobId);
  // A request is sent within `turnMs` or not at all: a lookup must not come too soon after it.
  const at = deps.now() + deps.timings.turnMs;
  const admitted = await admitRow(deps.ledger, { ref, asking, portal: deps.portalOrigin, at });
  deps.pressure.admitted(admitted);
  const { waitMs, isProbe, row, isPosting, redisNow } = admitted;
  return { waitMs, isProbe, row, isPosting, redisNow, turn };
}

/**
 * One start of a create-user job: send a request, decide what its answer means, write the row. A
 * refusal that leaves open whether the account exists is followed by a lookup. A row that was in
 * doubt before is looked up and, when it is absent, posted in the next start.
 */
export async function createUser(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  attempt: Attempt,
  { row, turn, isPosting, redisNow }: Admitted,
): Promise<Outcome> {
  if (row.state === 'settled') return settledBefore;
  if (row.state === 'unreadable') return apply(deps, ref, unreadable(row.reason));
  const elsewhere = otherPortal(row.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  const { doubt } = row.outcome;
  if (doubt === undefined && row.cancelling) return apply(deps, ref, cancelled);
  const groups = await rowGroups(deps, ref.batch, row);
  if ('job' in groups) return groups;
  const inDoubt = { batch: ref.batch, row, groups, redisNow };
  if (doubt === undefined) {
    // Groups that had to be read first took a while: the turn of the admission may be over.
    const mine = isPosting ? turn : await deps.limits.soon();
    const posted = await post(deps, { ref, row, groups, turn: mine, isPosting }, attempt);
    const outcome = await apply(deps, ref, posted);
    const open = openDoubt(posted);
    if (open === undefined) return outcome;
    const next = { ...inDoubt, doubt: open, turn: await deps.limits.soon() };
    return apply(deps, ref, await lookUp(deps, next, attempt));
  }
  const delayMs = waitBeforeLookup(doubt, { ...deps, now: deps.now() });
  if (delayMs > 0) return snooze(delayMs);
  return apply(deps, ref, await lookUp(deps, { ...inDoubt, doubt, turn }, attempt));
}

/** The doubt of an answer that a lookup settles at once. */
function openDoubt({ row }: Reaction): Doubt | undefined {
  const doubt = row?.kind === 'note' ? row.doubt : undefined;
  return doubt?.kind === 'posting' ? undefined : doubt;
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

/** Posts a row whose doubt is noted: at its admission, or here where its groups came in between. */
async function post(
  deps: WorkerDeps,
  { ref, row, groups, turn, isPosting }: Work,
  attempt: Attempt,
): Promise<Reaction> {
  const doubt = { kind: 'posting', at: deps.now() + deps.timings.turnMs } as const;
  if (!isPosting && !(await noteRow(deps.ledger, ref, { doubt })))
    return { outcome: settledBefore };
  const { person } = row;
  const ids = groups.asked.map(({ id }) => id);
  const department = ids.length === 0 ? undefined : ids;
  const verdict = await deps.portal.createPerson({ ...person, department }, turn).catch(unsent);
  if (verdict === undefined) return { row: { kind: 'note', doubt: undefined }, outcome: snooze() };
  await deps.pressure.heard(verdict);
  await notePortalClock(deps, ref.batch, row);
  const { lookUpDelayMs } = deps;
  return afterCreate(verdict, { person, groups, attempt, now: deps.now(), lookUpDelayMs });
}

/** Undefined for a request that was not sent, so that its doubt can go. */
function unsent(error: unknown): undefined {
  if (!(error instanceof NotNow)) throw error;
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
