import type { Batch } from '../ledger/batch/batches.ts';
import { rowsIn } from '../ledger/rows/rows.ts';
import { findChildren } from '../queue/children.ts';
import { addChildren, addSeal } from '../queue/flow.ts';
import type { Round } from '../queue/job-id.ts';
import { type Producer, roundOf } from './producer.ts';
import { settleFailed } from './settle-failed.ts';

/** The dependencies of reconcile: those of a worker, or a producer. */
type Parts = Pick<Producer, 'ledger' | 'queues' | 'logger' | 'attempts'>;

/**
 * Brings ledger and queue together before the invite. A parent that runs while rows are pending
 * lost its seal or children on the way (removed by hand, evicted, failed without our code running).
 * Failed jobs settle their rows (settle-failed.ts); jobs that vanished are added again, to the same
 * parent, which must then wait for them. Returns whether the round is settled.
 */
export async function reconcile(parts: Parts, batch: Batch): Promise<boolean> {
  const round = roundOf(batch);
  if (batch.sealedRound !== batch.round) {
    parts.logger.warn({ batchId: batch.id }, 'seal lost before the round was sealed');
    await addSeal(parts.queues, round);
    return false;
  }
  let isSettled = true;
  for await (const rows of rowsIn(parts.ledger, batch.id, 'pending')) {
    if (!(await reconcileSlice(parts, round, rows))) isSettled = false;
  }
  return isSettled;
}

/** Returns whether every row of the slice is settled. */
async function reconcileSlice(parts: Parts, round: Round, slice: readonly number[]) {
  const { ledger, queues, logger, attempts } = parts;
  const { missing, queued, failed } = await findChildren(queues, round, slice);
  const { again } = await settleFailed(ledger, round, failed);
  const rows = [...missing, ...queued, ...again];
  if (rows.length === 0) return true;
  logger.warn({ batchId: round.batch, rows: rows.length }, 'children lost, adding them again');
  await addChildren(queues, round, { rows, attempts });
  return false;
}
