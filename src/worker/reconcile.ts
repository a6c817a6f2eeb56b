import type { Batch } from '../ledger/batches.ts';
import { rowsIn, settleRow } from '../ledger/rows.ts';
import { addChildren, addSeal } from '../queue/flow.ts';
import { childId } from '../queue/job-id.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * Brings ledger and queue together before the invite: the ledger says which rows are pending, and
 * a parent that runs all the same lost its seal or children on the way (removed by hand, evicted,
 * failed without our code running). What failed in the queue fails in the ledger with the queue's
 * reason; what vanished is added again, to this same parent, which must then wait for it.
 * Returns whether the round is settled.
 */
export async function reconcile(deps: WorkerDeps, batch: Batch): Promise<boolean> {
  const round = { batch: batch.id, round: batch.round };
  if (batch.sealedRound !== batch.round) {
    deps.logger.warn({ batchId: batch.id }, 'seal lost before the round was sealed');
    await addSeal(deps.queues, round);
    return false;
  }
  let settled = true;
  for await (const rows of rowsIn(deps.ledger, batch.id, 'pending')) {
    const missing: number[] = [];
    for (const row of rows) {
      if (!(await settleFromQueue(deps, { ...round, row }))) missing.push(row);
    }
    if (missing.length === 0) continue;
    deps.logger.warn(
      { batchId: batch.id, rows: missing.length },
      'children lost, adding them again',
    );
    await addChildren(deps.queues, round, { rows: missing, attempts: deps.attempts });
    settled = false;
  }
  return settled;
}

async function settleFromQueue(
  deps: WorkerDeps,
  ref: { batch: string; round: number; row: number },
): Promise<boolean> {
  const job = await deps.queues.createUser.getJob(childId(ref));
  if (job === undefined || !(await job.isFailed())) return false;
  const reason = `The job failed without an answer: ${job.failedReason || 'unknown reason'}.`;
  const outcome = { code: 'job-failed', reason, attempts: job.attemptsMade };
  await settleRow(deps.ledger, ref, { state: 'failed', outcome });
  return true;
}
