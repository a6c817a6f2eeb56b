import { cancel } from '../batch/cancel-rows.ts';
import { type Invited, inviteNow } from '../batch/invite-now.ts';
import { continueBatch, retry } from '../batch/new-round.ts';
import type { Producer } from '../batch/producer.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { type Act, logged } from '../ledger/notes/action-log.ts';
import { emailIdentity } from '../people/person.ts';
import type { Actor } from '../process/actor.ts';

/** Who acts, and with what. */
export interface Acting {
  producer: Producer;
  by: Actor;
}

/**
 * Cancels an unfinished batch; those created are invited unless `invite` is false. Returns how many
 * people were cancelled.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE when it is over, E_BATCH_BUSY.
 */
export function cancelBatch(
  acting: Acting,
  batch: string,
  { invite }: { invite: boolean },
): Promise<number> {
  return actOn(acting, batch, {
    action: 'cancel',
    details: { invite },
    result: (cancelled) => ({ cancelled }),
    work: () => cancel(acting.producer, batch, { invite }),
  });
}

/** Which failed and cancelled people to try again; without any, all. */
export interface RetryFilter {
  /** Codes of the report; other rows are left out. */
  reasons?: readonly string[] | undefined;
  /** E-mails; other rows are left out. */
  emails?: readonly string[] | undefined;
}

/**
 * Tries failed and cancelled people of a batch again, as a new round. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while work is left, E_BATCH_BUSY.
 */
export function retryPeople(
  acting: Acting,
  batch: string,
  filter: RetryFilter = {},
): Promise<number> {
  const reasons = new Set(filter.reasons);
  const emails = new Set((filter.emails ?? []).map(emailIdentity));
  const isWanted = ({ code, email }: { code: string; email: string }) => {
    const isReason = reasons.size === 0 || reasons.has(code);
    return isReason && (emails.size === 0 || emails.has(emailIdentity(email)));
  };
  return actOn(acting, batch, {
    action: 'retry',
    details: { reasons: reasons.size, emails: emails.size },
    result: (opened) => ({ opened }),
    work: () => retry(acting.producer, batch, isWanted),
  });
}

/**
 * Creates the people whom a submission with a limit held back. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE unless round 1 is over, E_BATCH_BUSY.
 */
export function continueHeldBack(acting: Acting, batch: string): Promise<number> {
  return actOn(acting, batch, {
    action: 'continue',
    result: (opened) => ({ opened }),
    work: () => continueBatch(acting.producer, batch),
  });
}

/**
 * Releases an invite that was held back. Returns when it is sent.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY.
 */
export function releaseInvite(acting: Acting, batch: string): Promise<Invited> {
  return actOn(acting, batch, {
    action: 'invite',
    result: (result) => ({ result }),
    work: () => inviteNow(acting.producer, batch),
  });
}

type OnBatch<T> = Omit<Act<T>, 'by' | 'batch'> & { work: () => Promise<T> };

/**
 * Runs and logs an action. The check that the batch exists comes first, so that what somebody
 * mistook for a batch never reaches the log.
 */
async function actOn<T>(acting: Acting, batch: string, { work, ...act }: OnBatch<T>): Promise<T> {
  const { ledger } = acting.producer;
  await requireBatch(ledger, batch);
  return logged(ledger, { ...act, batch, by: acting.by }, work);
}
