import { cancel } from '../batch/cancel-rows.ts';
import { type Invited, inviteNow } from '../batch/invite-now.ts';
import { type Check, continueBatch, retry } from '../batch/new-round.ts';
import type { Producer } from '../batch/producer.ts';
import { OnboardError } from '../errors.ts';
import type { Affected, ChangeName } from '../ledger/batch/affected.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import type { RetryPick } from '../ledger/batch/retry-rows.ts';
import { type Act, logged } from '../ledger/notes/action-log.ts';
import { causesOf } from '../ledger/rows/causes.ts';
import { failedCodes } from '../ledger/rows/failed-codes.ts';
import { emailIdentity } from '../people/person.ts';
import { line } from '../printable.ts';
import { maskEmail, withoutAddresses } from '../privacy/redact.ts';
import type { Actor } from '../process/actor.ts';
import { asShown } from './as-shown.ts';

/** Who acts, and with what. */
export interface Acting {
  producer: Producer;
  by: Actor;
}

/** Numbers that a person was shown before the action: it is refused where the batch has moved since. */
interface Confirmed {
  shown?: Affected | undefined;
}

/**
 * Cancels an unfinished batch; those created are invited unless `invite` is false. Returns how many
 * people were cancelled.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE when it is over, E_BATCH_BUSY, E_MOVED when
 * more people than `shown` are left.
 */
export function cancelBatch(
  acting: Acting,
  batch: string,
  { invite, shown }: { invite: boolean } & Confirmed,
): Promise<number> {
  return actOn(acting, batch, {
    action: 'cancel',
    details: { invite },
    shown,
    result: (cancelled) => ({ cancelled }),
    work: (check) => cancel(acting.producer, batch, { invite, check }),
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

/** The filter of a retry, with rows that a person chose, and what was shown before. */
export interface RetryOptions extends RetryFilter, Confirmed {
  /** Numbers of rows; other rows are left out. */
  rows?: readonly number[] | undefined;
}

/**
 * Tries failed and cancelled people of a batch again, as a new round. Returns how many; nothing
 * changes when the filter matches nobody.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while work is left, E_BATCH_BUSY; E_USAGE
 * for reasons that no row can have; E_MOVED when the filter does not match as many as `shown`.
 */
export async function retryPeople(
  acting: Acting,
  batch: string,
  { reasons = [], emails = [], rows, shown, onUnknown }: RetryOptions = {},
): Promise<number> {
  const { ledger } = acting.producer;
  const unknown = new Map(emails.map((email) => [emailIdentity(email), email]));
  const onEmail = (identity: string) => void unknown.delete(identity);
  const pick = { reasons, emails, rows, onEmail };
  await requireBatch(ledger, batch);
  await refuseUnknown(acting, batch, new Set(reasons));
  const opened = await actOn(acting, batch, {
    action: 'retry',
    shown,
    pick,
    details: { reasons: new Set(reasons).size, emails: unknown.size, rows: rows?.length },
    result: (opened: number) => ({ opened }),
    work: (check) => retry(acting.producer, batch, { ...pick, check }),
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
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE unless round 1 is over, E_BATCH_BUSY,
 * E_MOVED when it is not as `shown`.
 */
export function continueHeldBack(
  acting: Acting,
  batch: string,
  { shown }: Confirmed = {},
): Promise<number> {
  return actOn(acting, batch, {
    action: 'continue',
    shown,
    result: (opened) => ({ opened }),
    work: (check) => continueBatch(acting.producer, batch, check),
  });
}

/**
 * Releases an invite that was held back. Returns when it is sent.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY, E_MOVED when it is not as `shown`.
 */
export function releaseInvite(
  acting: Acting,
  batch: string,
  { shown }: Confirmed = {},
): Promise<Invited> {
  return actOn(acting, batch, {
    action: 'invite',
    shown,
    result: (result) => ({ result }),
    work: (check) => inviteNow(acting.producer, batch, check),
  });
}

type OnBatch<T> = Omit<Act<T>, 'by' | 'batch' | 'action'> & {
  action: ChangeName;
  pick?: RetryPick | undefined;
  work: (check: Check | undefined) => Promise<T>;
} & Confirmed;

/**
 * Runs and logs an action. The check that the batch exists comes first, so that what somebody
 * mistook for a batch never reaches the log.
 */
async function actOn<T>(acting: Acting, batch: string, act: OnBatch<T>): Promise<T> {
  const { work, shown, pick, ...others } = act;
  const { ledger } = acting.producer;
  await requireBatch(ledger, batch);
  return logged(ledger, { ...others, batch, by: acting.by }, () =>
    asShown(ledger, { batch, action: act.action, pick, shown }, work),
  );
}
