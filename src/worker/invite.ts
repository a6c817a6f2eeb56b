import { announceSoon } from '../batch/announce.ts';
import { reconcile } from '../batch/reconcile.ts';
import { type Batch, beginInviting, finish, readBatch } from '../ledger/batches.ts';
import {
  type Invitee,
  nextInvitees,
  noteInviteAccepted,
  noteInviteRefused,
  noteInviteSending,
} from '../ledger/invites.ts';
import { claimInvite, releaseInvite } from '../ledger/lock.ts';
import { reportOf } from '../ledger/report.ts';
import { remark } from '../ledger/rows.ts';
import { emailIdentity } from '../person.ts';
import type { Named, Verdict } from '../portal/verdict.ts';
import type { InvitePayload } from '../queue/payloads.ts';
import { maskEmail } from '../redact.ts';
import { otherPortal } from './about-portal.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { insist } from './insist.ts';
import type { Outcome } from './outcome.ts';
import { reactionTo } from './reaction.ts';

/**
 * The flow parent: reconcile, then one invite request for the accounts that this batch created and
 * has not invited, then the batch is finished. BullMQ may start it more than once; the ledger says
 * what was sent. `sending` is written before the request and taken away when the portal surely did
 * not accept it, so only a crash or an unknown answer in between leads to a second request. A batch
 * with an invite size sends one part a start.
 */
export async function invite(
  deps: WorkerDeps,
  payload: InvitePayload,
  attempt: Attempt,
): Promise<Outcome> {
  const batch = await readBatch(deps.ledger, payload.batch);
  if (isOver(batch) || batch.round !== payload.round) return finishedBefore;
  const elsewhere = otherPortal(batch.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  const unsettled = await rest(deps, batch);
  if (unsettled !== undefined) return unsettled;
  const { jobId } = attempt;
  const claim = { job: jobId, forMs: deps.timings.inviterLockMs };
  if (!(await claimInvite(deps.ledger, batch.id, claim))) return later(deps);
  try {
    // Another job may have invited while this one waited, or another round have begun.
    const now = await readBatch(deps.ledger, batch.id);
    if (now.round !== payload.round) return finishedBefore;
    return await inviteCreated(deps, now, attempt);
  } finally {
    await releaseInvite(deps.ledger, batch.id, jobId);
  }
}

const finishedBefore: Outcome = { kind: 'completed', result: 'finished before' };

function later({ timings }: WorkerDeps): Outcome {
  return { kind: 'again', delayMs: timings.inviteLookAgainMs };
}

function isOver(batch: Batch): boolean {
  return batch.state === 'finished' || batch.state === 'cancelled';
}

async function inviteCreated(deps: WorkerDeps, batch: Batch, attempt: Attempt): Promise<Outcome> {
  if (isOver(batch)) return finishedBefore;
  await beginInviting(deps.ledger, batch.id);
  const { gate } = await reportOf(deps.ledger, batch.id, deps.now());
  if (gate !== null) return { kind: 'again', delayMs: waitOf(gate.until, deps) };
  const isWanted = batch.cancelling !== 'no-invite';
  const invitees = isWanted ? await nextInvitees(deps.ledger, batch) : [];
  if (invitees.length > 0) {
    const outcome = await send(deps, { batch, invitees }, attempt);
    if (outcome.kind !== 'completed') return outcome;
    if (batch.inviteSize !== undefined) return { kind: 'again', delayMs: 0 };
  }
  if (!(await finish(deps.ledger, batch.id))) return later(deps);
  attempt.logger.info({ invited: invitees.length }, 'batch finished');
  await announceSoon(deps);
  return { kind: 'completed', result: `invited ${invitees.length}` };
}

/** What to do while rows of the round are still pending; undefined when none is. */
async function rest(deps: WorkerDeps, batch: Batch): Promise<Outcome | undefined> {
  const isCancelled = batch.cancelling !== undefined;
  const { pending } = await reportOf(deps.ledger, batch.id, deps.now());
  if (isCancelled && pending === 0) return undefined;
  if (isCancelled && batch.sealedRound !== batch.round) return later(deps);
  if (await reconcile(deps, batch)) return undefined;
  return isCancelled ? later(deps) : { kind: 'waiting-children' };
}

function waitOf(until: string | null, { now, timings }: WorkerDeps): number {
  return until === null ? timings.gatePollMs : Math.max(1, Date.parse(until) - now());
}

async function send(
  deps: WorkerDeps,
  { batch, invitees }: { batch: Batch; invitees: readonly Invitee[] },
  attempt: Attempt,
): Promise<Outcome> {
  const unanswered = await noteInviteSending(deps.ledger, batch, invitees.length);
  if (unanswered > 0) attempt.logger.warn({ unanswered }, 'invite sent again: no answer before');
  const verdict = await deps.portal.invite({
    people: invitees.map(({ email }) => ({ email, type: batch.inviteType })),
    ...(batch.culture === undefined ? {} : { culture: batch.culture }),
  });
  if (verdict.kind === 'ok') {
    const rows = invitees.map(({ row }) => row);
    await insist(() => noteInviteAccepted(deps.ledger, batch.id, rows), deps.timings);
  } else if (verdict.kind !== 'unknown') await noteInviteRefused(deps.ledger, batch.id);
  await deps.pressure.heard(verdict);
  const named = await remarkNamed(deps, batch, { invitees, verdict });
  const attempts = { made: attempt.number, most: deps.attempts };
  const facts = { people: invitees.length, unanswered, attempts, named };
  return reactionTo({ step: 'invite', verdict, facts }).outcome;
}

/**
 * Notes on the rows that the portal named why it refused them, for the report, and returns how they
 * can be told in a hold, which is also logged: the e-mail masked, with its place in the input.
 */
async function remarkNamed(
  { ledger }: WorkerDeps,
  batch: Batch,
  { invitees, verdict }: { invitees: readonly Invitee[]; verdict: Verdict<unknown> },
): Promise<string[]> {
  if (verdict.kind !== 'stopped' || verdict.about === undefined) return [];
  const named = whom(verdict.about, invitees);
  for (const { row } of named) {
    await remark(ledger, { batch: batch.id, row }, `Invitation refused. ${verdict.reason}`);
  }
  return named.map(({ email, place }) => `${maskEmail(email)} (${place})`);
}

function whom(about: Named, invitees: readonly Invitee[]): Invitee[] {
  const emails = new Set(about.emails.map(emailIdentity));
  return invitees.filter(
    ({ email }, index) => emails.has(emailIdentity(email)) || about.indexes.includes(index),
  );
}
