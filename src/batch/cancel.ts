import { type Batch, finish, readBatch } from '../ledger/batches.ts';
import { releaseLock } from '../ledger/lock.ts';
import { beginCancel, cancelRows } from '../ledger/rounds.ts';
import { endRound } from '../queue/flow.ts';
import { announceSoon } from './announce.ts';
import { type Producer, waitForLock } from './submit.ts';

/**
 * Cancels an unfinished batch: rows that are not begun become `cancelled` at once, requests under
 * way end, rows in doubt are looked up; then those who were created are invited, unless `invite` is
 * false, and the batch is `cancelled`. No job is removed: those of cancelled rows find nothing to do
 * (bullmq.md, rule R10). Returns how many rows were cancelled.
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
  await waitForLock(producer, id);
  try {
    const before = await readBatch(ledger, id);
    await beginCancel(ledger, id, options);
    const cancelled = await cancelRows(ledger, id);
    await letItEnd(producer, before);
    return cancelled;
  } finally {
    await releaseLock(ledger, id, producer.token);
  }
}

/** A batch that never had jobs is over at once; any other ends as soon as its last row has. */
async function letItEnd(producer: Producer, batch: Batch): Promise<void> {
  const { ledger, queues } = producer;
  const { id, state, round } = batch;
  if (state === 'intake' || state === 'waiting') {
    await finish(ledger, id);
    await announceSoon(producer);
  } else await endRound(queues, { batch: id, round });
}
