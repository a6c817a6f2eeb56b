import { type Invited, inviteNow } from '../batch/invite-now.ts';
import { type Acting, actOn } from './acting.ts';

/**
 * Releases an invite that was held back. Returns when it is sent.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY.
 */
export function releaseInvite(acting: Acting, batch: string): Promise<Invited> {
  return actOn(acting, batch, {
    action: 'invite',
    result: (result: Invited) => ({ result }),
    work: () => inviteNow(acting.producer, batch),
  });
}
