import { retry } from '../batch/new-round.ts';
import { emailIdentity } from '../people/person.ts';
import { type Acting, actOn, counted } from './acting.ts';

/** Which failed and cancelled people to try again; without any, all. */
export interface RetryFilter {
  /** Codes of the report; other rows are left out. */
  reasons?: readonly string[] | undefined;
  /** E-mails; other rows are left out. */
  emails?: readonly string[] | undefined;
}

/**
 * Tries failed and cancelled people of a batch again, as a new round. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while the batch has work left,
 * E_BATCH_BUSY.
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
    result: counted('opened'),
    work: () => retry(acting.producer, batch, isWanted),
  });
}
