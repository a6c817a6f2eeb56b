import { grouped } from '../../count.ts';
import type { Batch } from '../../ledger/batch/batches.ts';
import { noteInvitePart } from '../../ledger/invites/invite-part.ts';
import { type Chosen, inviteesIn } from '../../ledger/invites/invitees.ts';
import {
  noteInviteAccepted,
  noteInviteRefused,
  noteInviteSending,
} from '../../ledger/invites/invites.ts';
import { type Ledger, redisNow } from '../../ledger/ledger.ts';
import { setPositions } from '../../ledger/rows/bitmap.ts';
import { markRows } from '../../ledger/rows/marks.ts';
import { remark } from '../../ledger/rows/rows.ts';
import { emailIdentity } from '../../people/person.ts';
import {
  type Invitations,
  type MeasuredInvitations,
  MOST_BODY_BYTES,
  measure,
} from '../../portal/invite-body.ts';
import type { Named, Verdict } from '../../portal/verdict.ts';
import type { Attempt, WorkerDeps } from '../deps.ts';
import { insist } from '../insist.ts';
import { type Outcome, snooze } from '../outcome.ts';
import { afterInvite, type InviteReaction } from './after-invite.ts';

interface Sending {
  batch: Batch;
  chosen: Chosen;
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
  const { batch, chosen } = sending;
  const people = peopleOf(ledger, sending);
  const invitations = await measure(people.invitations);
  if (invitations.bytes > MOST_BODY_BYTES) return refuseLong(deps, sending, invitations);
  const unanswered = await noteInviteSending(ledger, batch, chosen.count);
  if (unanswered > 0) attempt.logger.warn({ unanswered }, 'invite sent again: no answer before');
  const verdict = await deps.portal.invite(invitations);
  if (people.fault() !== undefined && verdict.kind !== 'ok') {
    // The portal has only a part of a body whose length it knows, and that is no request.
    await noteInviteRefused(ledger, batch.id);
    throw people.fault();
  }
  if (verdict.kind === 'ok') {
    await insist(() => noteInviteAccepted(ledger, batch.id, chosen.rows), deps);
  } else if (verdict.kind !== 'unknown') await noteInviteRefused(ledger, batch.id);
  await deps.pressure.heard(verdict);
  const named = await inviteesNamed(ledger, sending, verdict);
  const reaction = afterInvite(verdict, {
    people: chosen.count,
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

/** Nothing is sent: the portal would answer 500, as for a failure that passes (P-JSON-03). */
async function refuseLong(
  deps: WorkerDeps,
  { batch }: Sending,
  { people, bytes }: MeasuredInvitations,
): Promise<Outcome> {
  const code = 'invite-too-long';
  const size = grouped(bytes);
  const detail = `The request for ${grouped(people)} people would have ${size} bytes.`;
  const { invitePart: part = { refusedInRow: 0 } } = batch;
  await insist(
    () => noteInvitePart(deps.ledger, batch.id, { part, stuck: { code, detail } }),
    deps,
  );
  deps.logger.warn({ batchId: batch.id, code, people, bytes }, 'invite stopped');
  return snooze();
}

/** The request, whose e-mails are read while it is sent, and what kept them from being read. */
function peopleOf(
  ledger: Ledger,
  { batch, chosen }: Sending,
): { invitations: Invitations; fault: () => unknown } {
  let fault: unknown;
  async function* emails(): AsyncGenerator<string[]> {
    try {
      for await (const slice of inviteesIn(ledger, batch.id, chosen.rows)) {
        yield slice.map(({ email }) => email);
      }
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  const { inviteType: type, culture } = batch;
  return { invitations: { people: chosen.count, emails, type, culture }, fault: () => fault };
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
  /** Rows of the people whom the portal named. */
  named: readonly number[];
}

/** Writes the rows that are left out before how the next request is cut: a crash repeats both. */
async function apply(
  deps: WorkerDeps,
  { batch, chosen }: Sending,
  { reaction, verdict, named }: Answered,
): Promise<void> {
  const { ledger } = deps;
  const { leaveOut, part = batch.invitePart, stuck } = reaction;
  if (leaveOut !== undefined) {
    const rows = leaveOut === 'named' ? named : setPositions(chosen.rows, 0);
    for (const row of rows) await remark(ledger, { batch: batch.id, row }, wordsOf(verdict));
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
async function inviteesNamed(
  ledger: Ledger,
  { batch, chosen }: Sending,
  verdict: Verdict<unknown>,
): Promise<number[]> {
  const about: Named | undefined = verdict.kind === 'refused' ? verdict.about : undefined;
  if (about === undefined) return [];
  const emails = new Set(about.emails.map(emailIdentity));
  const indexes = new Set(about.indexes);
  const named: number[] = [];
  let index = 0;
  for await (const slice of inviteesIn(ledger, batch.id, chosen.rows)) {
    for (const { row, email } of slice) {
      if (emails.has(emailIdentity(email)) || indexes.has(index)) named.push(row);
      index += 1;
    }
  }
  return named;
}
