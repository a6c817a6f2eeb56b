import { type Batch, hasBatch, openGate, readBatch } from '../ledger/batch/batches.ts';
import { releaseStuck } from '../ledger/invites/invite-part.ts';
import { countUninvited } from '../ledger/invites/invites.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { wakeParent } from '../queue/flow.ts';
import { type Check, inviteLate } from './new-round.ts';
import { type Producer, withLock } from './producer.ts';

/** When the released invite is sent. */
export type Invited = 'sent-next' | 'after-the-rest' | 'nobody-left';

/**
 * Releases the invite of a batch that a submission held back. In a batch that was cancelled without
 * an invite, those created are invited late.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY; what `check` throws.
 */
export async function inviteNow(producer: Producer, id: string, check?: Check): Promise<Invited> {
  const { ledger, queues, timings } = producer;
  const batch = await readBatch(ledger, id);
  // Without a check no lock is needed: an invite may be released while its list is submitted.
  const released = await (check === undefined
    ? release(ledger, batch)
    : withLock(producer, id, async () => {
        await check();
        return release(ledger, batch);
      }));
  if (!released) return 'nobody-left';
  if (batch.state === 'cancelled') {
    await inviteLate(producer, id);
    return 'sent-next';
  }
  if (batch.state !== 'inviting') return 'after-the-rest';
  await wakeParent(queues, { batch: id, round: batch.round }, timings);
  return 'sent-next';
}

/** Opens the gate; false when nobody is left to invite. */
async function release(ledger: Ledger, { id, state }: Batch): Promise<boolean> {
  const isOpen = state === 'intake' || state === 'processing';
  await releaseStuck(ledger, id);
  if (!isOpen && (await countUninvited(ledger, id)) === 0) return false;
  await openGate(ledger, id);
  return true;
}

/** Tries an invite again that the portal did not take. Nothing happens to any other batch. */
export async function retryStuckInvite(producer: Producer, id: string): Promise<void> {
  const { ledger, queues, timings } = producer;
  if (!(await hasBatch(ledger, id)) || !(await releaseStuck(ledger, id))) return;
  const { state, round } = await readBatch(ledger, id);
  if (state === 'inviting') await wakeParent(queues, { batch: id, round }, timings);
}
