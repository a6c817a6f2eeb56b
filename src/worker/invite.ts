import { type Batch, beginInviting, finish, readBatch } from '../ledger/batches.ts';
import {
  noteInviteAccepted,
  noteInviteRefused,
  noteInviteSending,
  uninvitedEmails,
} from '../ledger/invites.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { InvitePayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import type { Outcome } from './outcome.ts';
import { otherPortal, reactionTo } from './reaction.ts';
import { reconcile } from './reconcile.ts';

/**
 * The flow parent: reconcile, then one invite request for the accounts that this batch created and
 * has not invited, then the batch is finished. BullMQ may start it more than once; the ledger says
 * what was sent. `sending` is written before the request and taken away when the portal surely did
 * nothing, so only a crash or an unknown answer in between leads to a second request.
 */
export async function invite(
  deps: WorkerDeps,
  payload: InvitePayload,
  attempt: Attempt,
): Promise<Outcome> {
  const batch = await readBatch(deps.ledger, payload.batch);
  const over = batch.state === 'finished' || batch.state === 'cancelled';
  if (over || batch.round !== payload.round)
    return { kind: 'completed', result: 'finished before' };
  const elsewhere = otherPortal(batch.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  if (!(await reconcile(deps, batch))) return { kind: 'waiting-children' };
  await beginInviting(deps.ledger, batch.id);
  const emails = await uninvitedEmails(deps.ledger, batch.id);
  if (emails.length > 0) {
    const stopped = await send(deps, { batch, emails }, attempt);
    if (stopped !== undefined) return stopped;
  }
  await finish(deps.ledger, batch.id);
  attempt.logger.info({ invited: emails.length }, 'batch finished');
  return { kind: 'completed', result: `invited ${emails.length}` };
}

/** Undefined when the portal accepted the request. */
async function send(
  deps: WorkerDeps,
  { batch, emails }: { batch: Batch; emails: string[] },
  attempt: Attempt,
): Promise<Outcome | undefined> {
  const before = await noteInviteSending(deps.ledger, batch, emails.length);
  if (before > 0) attempt.logger.warn({ before }, 'invite sent again: no answer before');
  const people = emails.map((email) => ({ email, type: batch.inviteType }));
  const verdict = await deps.portal.invite({
    people,
    ...(batch.culture === undefined ? {} : { culture: batch.culture }),
  });
  if (verdict.kind === 'ok') {
    deps.pressure.answered();
    await noteInviteAccepted(deps.ledger, batch.id);
    return undefined;
  }
  if (verdict.kind !== 'unknown') await noteInviteRefused(deps.ledger, batch.id);
  return reactionTo(verdict) ?? afterRefusal(verdict, attempt.number < deps.attempts);
}

function afterRefusal(verdict: Verdict<unknown>, mayRetry: boolean): Outcome {
  const code = 'code' in verdict ? verdict.code : verdict.kind;
  if (verdict.kind === 'unknown' && mayRetry) return { kind: 'retryable', code };
  const reason = 'reason' in verdict ? verdict.reason : 'The portal gave no usable answer.';
  return {
    kind: 'held',
    hold: {
      code: `invite-${code}`,
      reason: `The invite request was not accepted. ${reason}`,
      remedy: 'Mend what the portal names: the invite is then sent again.',
    },
  };
}
