import { inviteNow } from '../batch/invite-now.ts';
import { continueBatch, retry } from '../batch/redrive.ts';
import { emailIdentity } from '../person.ts';
import { type ChangeFlags, changeBatch } from './change.ts';
import type { Io } from './context.ts';

export interface RetryFlags extends ChangeFlags {
  reason?: string[];
  email?: string[];
}

/** `onboard retry BATCH`: failed and cancelled people as a new round. */
export function retryCommand(io: Io, batch: string, flags: RetryFlags): Promise<number> {
  const reasons = new Set(flags.reason);
  const emails = new Set((flags.email ?? []).map(emailIdentity));
  return changeBatch(io, { batch, flags }, async ({ producer }) => {
    const opened = await retry(producer, batch, ({ code, email }) => {
      const isReason = reasons.size === 0 || reasons.has(code);
      return isReason && (emails.size === 0 || emails.has(emailIdentity(email)));
    });
    return opened === 0 ? 'nobody to try again' : `trying ${opened} people again`;
  });
}

/** `onboard continue BATCH`: the people whom a submission with a limit held back. */
export function continueCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async ({ producer }) => {
    return `going on with ${await continueBatch(producer, batch)} people`;
  });
}

const sentences = {
  'sent-next': 'the invite is sent now',
  'after-the-rest': 'the invite is sent as soon as every person is settled',
  'nobody-left': 'nobody is left to invite',
};

/** `onboard invite BATCH`: lets an invite go that was held back. */
export function inviteCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async ({ producer }) => {
    return sentences[await inviteNow(producer, batch)];
  });
}
