import type { Batch } from '../ledger/batch/batches.ts';
import {
  type Invitee,
  noteInviteAccepted,
  noteInviteRefused,
  noteInviteSending,
} from '../ledger/invites/invites.ts';
import { remark } from '../ledger/rows/rows.ts';
import { emailIdentity } from '../people/person.ts';
import type { Named, Verdict } from '../portal/verdict.ts';
import { maskEmail } from '../privacy/redact.ts';
import { afterInvite } from './after-invite.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { insist } from './insist.ts';
import type { Outcome } from './outcome.ts';

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
  { batch, invitees }: Sending,
  attempt: Attempt,
): Promise<Outcome> {
  const { ledger } = deps;
  const unanswered = await noteInviteSending(ledger, batch, invitees.length);
  if (unanswered > 0) attempt.logger.warn({ unanswered }, 'invite sent again: no answer before');
  const people = invitees.map(({ email }) => ({ email, type: batch.inviteType }));
  const verdict = await deps.portal.invite({ people, culture: batch.culture });
  if (verdict.kind === 'ok') {
    const rows = invitees.map(({ row }) => row);
    await insist(() => noteInviteAccepted(ledger, batch.id, rows), deps);
  } else if (verdict.kind !== 'unknown') await noteInviteRefused(ledger, batch.id);
  await deps.pressure.heard(verdict);
  const named = await remarkNamed(deps, { batch, invitees }, verdict);
  const attempts = { made: attempt.number, most: deps.attempts };
  return afterInvite(verdict, { people: invitees.length, unanswered, attempts, named });
}

/**
 * Adds the portal's reason to the rows that it named, for the report. Returns these people in a
 * form for messages and logs: the e-mail masked, with its place in the input.
 */
async function remarkNamed(
  { ledger }: WorkerDeps,
  { batch, invitees }: Sending,
  verdict: Verdict<unknown>,
): Promise<string[]> {
  if (verdict.kind !== 'stopped' || verdict.about === undefined) return [];
  const named = inviteesNamed(verdict.about, invitees);
  for (const { row } of named) {
    const parts = ['Invitation refused.', verdict.reason, verdict.detail ?? ''];
    await remark(ledger, { batch: batch.id, row }, parts.join(' ').trim());
  }
  return named.map(({ email, place }) => `${maskEmail(email)} (${place})`);
}

function inviteesNamed(about: Named, invitees: readonly Invitee[]): Invitee[] {
  const emails = new Set(about.emails.map(emailIdentity));
  return invitees.filter(
    ({ email }, index) => emails.has(emailIdentity(email)) || about.indexes.includes(index),
  );
}
