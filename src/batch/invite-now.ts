import { hasBatch, openGate, readBatch } from '../ledger/batch/batches.ts';
import { releaseStuck } from '../ledger/invites/invite-part.ts';
import { countUninvited } from '../ledger/invites/invites.ts';
import { wakeParent } from '../queue/flow.ts';
import { inviteLate } from './new-round.ts';
import type { Producer } from './producer.ts';

/** When the released invite is sent. */
export type Invited = 'sent-next' | 'after-the-rest' | 'nobody-left';

/**
 * Releases the invite of a batch that a submission held back. In a batch that was cancelled without
 * an invite, those created are invited late.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY.
 */
export async function inviteNow(producer: Producer, id: string): Promise<Invited> {
  const { ledger, queues, timings } = producer;
  const batch = await readBatch(ledger, id);
  const isOpen = batch.state === 'intake' || batch.state === 'processing';
  await releaseStuck(ledger, id);
  if (!isOpen && (await countUninvited(ledger, id)) === 0) return 'nobody-left';
  await openGate(ledger, id);
  if (batch.state === 'cancelled') {
    await inviteLate(producer, id);
    return 'sent-next';
  }
  if (batch.state !== 'inviting') return 'after-the-rest';
  await wakeParent(queues, { batch: id, round: batch.round }, timings);
  return 'sent-next';
}

/** Tries an invite again that the portal did not take. Nothing happens to any other batch. */
export async function retryStuckInvite(producer: Producer, id: string): Promise<void> {
  const { ledger, queues, timings } = producer;
  if (!(await hasBatch(ledger, id)) || !(await releaseStuck(ledger, id))) return;
  const { state, round } = await readBatch(ledger, id);
  if (state === 'inviting') await wakeParent(queues, { batch: id, round }, timings);
}
