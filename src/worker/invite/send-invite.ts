import type { Batch } from '../../ledger/batch/batches.ts';
import { noteInvitePart } from '../../ledger/invites/invite-part.ts';
import {
  type Invitee,
  noteInviteAccepted,
  noteInviteRefused,
  noteInviteSending,
} from '../../ledger/invites/invites.ts';
import { redisNow } from '../../ledger/ledger.ts';
import { markRows } from '../../ledger/rows/marks.ts';
import { remark } from '../../ledger/rows/rows.ts';
import { emailIdentity } from '../../people/person.ts';
import type { Named, Verdict } from '../../portal/verdict.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { insist } from '../insist.ts';
import type { Outcome } from '../outcome.ts';
import { afterInvite, type InviteReaction } from './after-invite.ts';

interface Sending {
  batch: Batch;
  invitees: readonly Invitee[];
}

/**
 * Sends one invite request. The ledger notes it before it is sent, and removes the note when the
 * portal surely did not accept it: only a crash or an unknown answer in between leads to a second
 * request.
 */
export async function sendInvite(
  deps: WorkerDeps,
  sending: Sending,
  attempt: Attempt,
): Promise<Outcome> {
  const { ledger } = deps;
  const { batch, invitees } = sending;
  const unanswered = await noteInviteSending(ledger, batch, invitees.length);
  if (unanswered > 0) attempt.logger.warn({ unanswered }, 'invite sent again: no answer before');
  const people = invitees.map(({ email }) => ({ email, type: batch.inviteType }));
  const verdict = await deps.portal.invite({ people, culture: batch.culture });
  if (verdict.kind === 'ok') {
    const rows = invitees.map(({ row }) => row);
    await insist(() => noteInviteAccepted(ledger, batch.id, rows), deps);
  } else if (verdict.kind !== 'unknown') await noteInviteRefused(ledger, batch.id);
  await deps.pressure.heard(verdict);
  const named = inviteesNamed(verdict, invitees);
  const reaction = afterInvite(verdict, {
    people: invitees.length,
    type: batch.inviteType,
    unanswered,
    attempts: { made: attempt.number, most: deps.attempts },
    named: named.length,
    part: batch.invitePart ?? { refusedInRow: 0 },
    left: await invitationsLeft(deps, verdict),
    now: await redisNow(ledger),
    limitPauseMs: deps.timings.gatePollMs,
  });
  await apply(deps, sending, { reaction, verdict, named });
  if (reaction.stuck !== undefined) {
    attempt.logger.warn({ code: reaction.stuck.code }, 'invite stopped');
  }
  return reaction.outcome;
}

/** Invitations that the portal has left, asked after a request that was over its limit. */
async function invitationsLeft(
  { portal }: WorkerDeps,
  verdict: Verdict<unknown>,
): Promise<number | undefined> {
  if (verdict.kind !== 'refused' || verdict.code !== 'invitation-limit') return undefined;
  const settings = await portal.ownSettings();
  return settings.kind === 'ok' ? settings.value.invitationLimit : undefined;
}

interface Answered {
  reaction: InviteReaction;
  verdict: Verdict<unknown>;
  named: readonly Invitee[];
}

/** Writes the rows that are left out before how the next request is cut: a crash repeats both. */
async function apply(
  deps: WorkerDeps,
  { batch, invitees }: Sending,
  { reaction, verdict, named }: Answered,
): Promise<void> {
  const { ledger } = deps;
  const { leaveOut, part = batch.invitePart, stuck } = reaction;
  if (leaveOut !== undefined) {
    const left = leaveOut === 'named' ? named : invitees;
    for (const { row } of left) await remark(ledger, { batch: batch.id, row }, wordsOf(verdict));
    const rows = left.map(({ row }) => row);
    await markRows(ledger, batch.id, { rows, set: ['invite-refused'] });
  }
  const isSame = part === batch.invitePart && stuck === undefined;
  if (part === undefined || isSame) return;
  await insist(() => noteInvitePart(ledger, batch.id, { part, stuck }), deps);
}

/** The portal's reason, for the report of the row. */
function wordsOf(verdict: Verdict<unknown>): string {
  if (!('reason' in verdict)) return 'Invitation refused.';
  const detail = verdict.kind === 'stopped' ? verdict.detail : undefined;
  return ['Invitation refused.', verdict.reason, detail ?? ''].join(' ').trim();
}

/** The people of the request whom the portal named: by e-mail, or by the place in the list. */
function inviteesNamed(
  verdict: Verdict<unknown>,
  invitees: readonly Invitee[],
): readonly Invitee[] {
  const about: Named | undefined = verdict.kind === 'refused' ? verdict.about : undefined;
  if (about === undefined) return [];
  const emails = new Set(about.emails.map(emailIdentity));
  return invitees.filter(
    ({ email }, index) => emails.has(emailIdentity(email)) || about.indexes.includes(index),
  );
}
