import type { Batch } from '../ledger/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { rowsIn } from '../ledger/rows.ts';
import type { Logger } from '../logger.ts';
import { findChildren } from '../queue/children.ts';
import { addChildren, addSeal, type Round } from '../queue/flow.ts';
import type { Queues } from '../queue/queues.ts';
import { settleFailed } from './settle-failed.ts';
import { roundOf } from './submit.ts';

/** What reconcile works with; a worker's dependencies and a producer's both are. */
export interface Parts {
  ledger: Ledger;
  queues: Queues;
  logger: Logger;
  /** Attempts of each job that is added. */
  attempts: number;
}

/**
 * Brings ledger and queue together before the invite: the ledger says which rows are pending, and
 * a parent that runs all the same lost its seal or children on the way (removed by hand, evicted,
 * failed without our code running). What failed in the queue fails in the ledger with the queue's
 * reason, unless it may have an account; what vanished is added again, to this same parent, which
 * must then wait for it. Returns whether the round is settled.
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

/** Whether every row of the slice is settled now. */
async function reconcileSlice(
  { ledger, queues, logger, attempts }: Parts,
  round: Round,
  slice: readonly number[],
): Promise<boolean> {
  const { missing, queued, failed } = await findChildren(queues, round, slice);
  const { again } = await settleFailed(ledger, round, failed);
  const rows = [...missing, ...queued, ...again];
  if (rows.length === 0) return true;
  logger.warn({ batchId: round.batch, rows: rows.length }, 'children lost, adding them again');
  await addChildren(queues, round, { rows, attempts });
  return false;
}
