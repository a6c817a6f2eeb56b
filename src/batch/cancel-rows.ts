import { type Batch, finish, readBatch } from '../ledger/batch/batches.ts';
import { beginCancel, cancelRows } from '../ledger/batch/rounds.ts';
import { endRound } from '../queue/flow.ts';
import { announceSoon } from './announce.ts';
import { type Producer, withLock } from './producer.ts';

/**
 * Cancels an unfinished batch and returns how many rows were cancelled at once. Requests under way
 * finish, rows in doubt are looked up. Then those created are invited, unless `invite` is false. No
 * job is removed: jobs of cancelled rows find nothing to do (B-REMOVE-01).
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE when it is over, E_BATCH_BUSY while it is
 * being submitted.
 */
export async function cancel(
  producer: Producer,
  id: string,
  options: { invite: boolean },
): Promise<number> {
  const { ledger } = producer;
  await readBatch(ledger, id);
  return withLock(producer, id, async () => {
    const before = await readBatch(ledger, id);
    await beginCancel(ledger, id, options);
    const cancelled = await cancelRows(ledger, id);
    await endBatch(producer, before);
    return cancelled;
  });
}

/** A batch that never had jobs is over at once; any other ends as soon as its last row is settled. */
async function endBatch(producer: Producer, { id, state, round }: Batch): Promise<void> {
  const { ledger, queues } = producer;
  if (state !== 'intake' && state !== 'waiting') return endRound(queues, { batch: id, round });
  await finish(ledger, id);
  await announceSoon(producer);
}
