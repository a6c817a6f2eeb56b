import { cancel } from '../batch/cancel-rows.ts';
import { type Invited, inviteNow } from '../batch/invite-now.ts';
import { continueBatch, retry } from '../batch/new-round.ts';
import type { Producer } from '../batch/producer.ts';
import { OnboardError } from '../errors.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { type Act, logged } from '../ledger/notes/action-log.ts';
import { causesOf } from '../ledger/rows/causes.ts';
import { failedCodes } from '../ledger/rows/failed-codes.ts';
import { emailIdentity } from '../people/person.ts';
import { line } from '../printable.ts';
import { maskEmail, withoutAddresses } from '../privacy/redact.ts';
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
  /** Receives the masked addresses of `emails` that no failed or cancelled person has, if any. */
  onUnknown?: ((masked: string[]) => void) | undefined;
}

/**
 * Tries failed and cancelled people of a batch again, as a new round. Returns how many; nothing
 * changes when the filter matches nobody.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while work is left, E_BATCH_BUSY; E_USAGE
 * for reasons that no row can have.
 */
export async function retryPeople(
  acting: Acting,
  batch: string,
  filter: RetryFilter = {},
): Promise<number> {
  const { onUnknown } = filter;
  const reasons = new Set(filter.reasons);
  const emails = new Map((filter.emails ?? []).map((email) => [emailIdentity(email), email]));
  const unknown = new Map(emails);
  const isWanted = ({ code, email }: { code: string; email: string }) => {
    const identity = emailIdentity(email);
    unknown.delete(identity);
    const isReason = reasons.size === 0 || reasons.has(code);
    return isReason && (emails.size === 0 || emails.has(identity));
  };
  await requireBatch(acting.producer.ledger, batch);
  await refuseUnknown(acting, batch, reasons);
  const opened = await actOn(acting, batch, {
    action: 'retry',
    details: { reasons: reasons.size, emails: emails.size },
    result: (opened) => ({ opened }),
    work: () => retry(acting.producer, batch, isWanted),
  });
  if (unknown.size > 0) onUnknown?.([...unknown.values()].map(maskEmail));
  return opened;
}

/** A batch of another version may have codes that are unknown here: its own are known, too. */
async function refuseUnknown(
  { producer }: Acting,
  batch: string,
  reasons: ReadonlySet<string>,
): Promise<void> {
  if (reasons.size === 0) return;
  const own = (await causesOf(producer.ledger, batch)).map(({ code }) => code);
  const known = new Set([...own, ...failedCodes]);
  const others = [...reasons].filter((reason) => !known.has(reason));
  if (others.length === 0) return;
  const named = withoutAddresses(line`${others.join(', ')}`);
  const text = `no such reason: ${named}; known are ${[...known].join(', ')}`;
  throw new OnboardError('E_USAGE', text, { details: { known: [...known] } });
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
