import { releaseInvite } from '../../actions/invite-batch.ts';
import type { Io } from '../io.ts';
import { type ChangeFlags, changeBatch } from './change.ts';

const sentences = {
  'sent-next': 'the invite is sent now',
  'after-the-rest': 'the invite is sent as soon as every person is settled',
  'nobody-left': 'nobody is left to invite',
};

/** `onboard invite BATCH`: releases an invite that was held back. */
export function inviteCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    return sentences[await releaseInvite(acting, batch)];
  });
}
