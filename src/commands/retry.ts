import { type Invited, inviteNow } from '../batch/invite-now.ts';
import { continueBatch, retry } from '../batch/redrive.ts';
import { emailIdentity } from '../person.ts';
import { type ChangeFlags, changeBatch, counted } from './change.ts';
import type { Io } from './io.ts';

export interface RetryFlags extends ChangeFlags {
  reason?: string[];
  email?: string[];
}

/** `onboard retry BATCH`: failed and cancelled people as a new round. */
export function retryCommand(io: Io, batch: string, flags: RetryFlags): Promise<number> {
  const reasons = new Set(flags.reason);
  const emails = new Set((flags.email ?? []).map(emailIdentity));
  const isWanted = ({ code, email }: { code: string; email: string }) => {
    const isReason = reasons.size === 0 || reasons.has(code);
    return isReason && (emails.size === 0 || emails.has(emailIdentity(email)));
  };
  return changeBatch(io, { batch, flags }, async ({ producer, act }) => {
    const details = { reasons: reasons.size, emails: emails.size };
    const doing = { action: 'retry' as const, details, told: counted('opened') };
    const opened = await act(doing, () => retry(producer, batch, isWanted));
    return opened === 0 ? 'nobody to try again' : `trying ${people(opened)} again`;
  });
}

/** `onboard continue BATCH`: the people whom a submission with a limit held back. */
export function continueCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async ({ producer, act }) => {
    const doing = { action: 'continue' as const, told: counted('opened') };
    const opened = await act(doing, () => continueBatch(producer, batch));
    return `going on with ${people(opened)}`;
  });
}

const sentences = {
  'sent-next': 'the invite is sent now',
  'after-the-rest': 'the invite is sent as soon as every person is settled',
  'nobody-left': 'nobody is left to invite',
};

/** `onboard invite BATCH`: lets an invite go that was held back. */
export function inviteCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async ({ producer, act }) => {
    const told = (result: Invited) => ({ result });
    return sentences[await act({ action: 'invite', told }, () => inviteNow(producer, batch))];
  });
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
