import { announceSoon } from '../../batch/announce.ts';
import { reconcile } from '../../batch/reconcile.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import { type Batch, beginInviting, finish, readBatch } from '../../ledger/batch/batches.ts';
import { claimInvite, releaseInvite } from '../../ledger/batch/lock.ts';
import { numbersOf, type Report, reportOf } from '../../ledger/batch/numbers.ts';
import { chooseInvitees } from '../../ledger/invites/invitees.ts';
import { countUninvited } from '../../ledger/invites/invites.ts';
import { noteWaiting } from '../../ledger/notes/notifications.ts';
import type { InvitePayload } from '../../queue/payloads.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { joinGroups } from '../groups/join-groups.ts';
import { done, type Outcome, snooze, waitForChildren } from '../outcome.ts';
import { otherPortal } from '../pressure/portal-outcome.ts';
import { mendAccounts } from './mend-accounts.ts';
import { sendInvite } from './send-invite.ts';

/**
 * The flow parent: reconcile, then one invite request for the accounts that this batch created and
 * has not invited, then the batch is finished. BullMQ may start it more than once; the ledger says
 * what was sent. An invite in parts sends one a start.
 */
export async function invite(
  deps: WorkerDeps,
  payload: InvitePayload,
  attempt: Attempt,
): Promise<Outcome> {
  const { ledger, timings } = deps;
  const { batch, report } = await numbersOf(ledger, payload.batch, { now: deps.now() });
  if (isOver(batch) || batch.round !== payload.round) return finishedBefore;
  const elsewhere = otherPortal(batch.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  const unsettled = await waitForRows(deps, batch, report);
  if (unsettled !== undefined) return unsettled;
  const claim = { job: attempt.jobId, forMs: timings.inviterLockMs };
  if (!(await claimInvite(ledger, batch.id, claim))) return tryLater(deps);
  try {
    // Another job may have invited meanwhile, or another round may have begun.
    const now = await readBatch(ledger, batch.id);
    if (isOver(now) || now.round !== payload.round) return finishedBefore;
    return await inviteCreated(deps, now, attempt);
  } finally {
    await releaseInvite(ledger, batch.id, attempt.jobId);
  }
}

const finishedBefore = done('finished before');

function tryLater({ timings }: WorkerDeps): Outcome {
  return snooze(timings.pendingPollMs);
}

/** The outcome while rows of the round are pending; undefined when none is. */
async function waitForRows(
  deps: WorkerDeps,
  batch: Batch,
  { pending }: Report,
): Promise<Outcome | undefined> {
  const isCancelled = batch.cancelling !== undefined;
  if (isCancelled && pending === 0) return undefined;
  if (isCancelled && batch.sealedRound !== batch.round) return tryLater(deps);
  if (await reconcile(deps, batch)) return undefined;
  return isCancelled ? tryLater(deps) : waitForChildren;
}

async function inviteCreated(deps: WorkerDeps, batch: Batch, attempt: Attempt): Promise<Outcome> {
  const { ledger } = deps;
  await beginInviting(ledger, batch.id);
  const joining = await joinGroups(deps, batch);
  if (joining !== undefined) return joining;
  const { gate } = await reportOf(ledger, batch.id, deps.now());
  if (gate !== null) {
    // A time comes by itself; every other gate waits for somebody.
    if (gate.until === null) {
      await noteWaiting(ledger, batch, deps.now());
      await announceSoon(deps);
    }
    return snooze(untilGate(gate.until, deps));
  }
  const isWanted = batch.cancelling !== 'no-invite';
  const mending = isWanted ? await mendAccounts(deps, batch, attempt) : undefined;
  if (mending !== undefined) return mending;
  const chosen = isWanted ? await chooseInvitees(ledger, batch) : nobody;
  if (chosen.count > 0) {
    const outcome = await sendInvite(deps, { batch, chosen }, attempt);
    if (outcome.job.kind !== 'done') return outcome;
    if ((await countUninvited(ledger, batch.id)) > 0) return snooze();
  }
  if (!(await finish(ledger, batch.id))) return tryLater(deps);
  attempt.logger.info({ invited: chosen.count }, 'batch finished');
  await announceSoon(deps);
  return done(`invited ${chosen.count}`);
}

const nobody = { count: 0, rows: Buffer.alloc(0) };

function untilGate(until: string | null, { now, timings }: WorkerDeps): number {
  return until === null ? timings.gatePollMs : Math.max(1, Date.parse(until) - now());
}
