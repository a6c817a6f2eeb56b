import { isMoving } from '../ledger/batch/batch-state.ts';
import { type Batch, readBatch } from '../ledger/batch/batches.ts';
import { releaseLock, takeLock } from '../ledger/batch/lock.ts';
import { noteRepair } from '../ledger/notes/repairs.ts';
import { addSeal, findSealFault, promoteSeal } from '../queue/flow.ts';
import { type ParentState, readParent, removeParent } from '../queue/parent.ts';
import { enqueue } from './enqueue.ts';
import type { Finding, Inspection } from './findings.ts';
import { type Producer, roundOf } from './producer.ts';
import { repairChildren } from './repair-children.ts';

/** Parents that will never run again although their batch is unfinished. */
const BROKEN: Partial<Record<ParentState, Finding>> = {
  missing: 'parent-lost',
  unknown: 'parent-lost',
  failed: 'parent-failed',
  completed: 'parent-over',
};

/**
 * Inspects whether an unfinished batch can still finish, repairs it from the ledger and returns what
 * was found. Works under the producer's lock, so that it meets neither a producer nor another
 * keeper; a batch that is being submitted is skipped, and so is one in intake, which only its files
 * can continue. A healthy batch costs a few commands.
 * @throws {OnboardError} E_BATCH_UNKNOWN; E_BATCH_BUSY, E_QUEUE_REFUSED when the repair was
 * disturbed: the next one continues.
 */
export async function repair(
  producer: Producer,
  id: string,
  inspection: Inspection,
): Promise<Finding[]> {
  const { ledger, token } = producer;
  if (!isMoving(await readBatch(ledger, id))) return [];
  if (!(await takeLock(ledger, id, producer))) return [];
  try {
    const found = await repairLocked(producer, id, inspection);
    if (found.length > 0) await noteRepair(ledger, { batch: id, codes: found });
    return found;
  } finally {
    await releaseLock(ledger, id, token);
  }
}

async function repairLocked(
  producer: Producer,
  id: string,
  inspection: Inspection,
): Promise<Finding[]> {
  const { ledger, queues } = producer;
  const parent = await readParent(queues, roundOf(await readBatch(ledger, id)));
  // Read after the queue: a batch is over in the ledger before its parent is over in the queue.
  const batch = await readBatch(ledger, id);
  if (!isMoving(batch)) return [];
  const broken = BROKEN[parent.state];
  const isWaiting = parent.state === 'waiting-children';
  const isUnsealed = batch.sealedRound !== batch.round;
  if (broken !== undefined || (isUnsealed && isWaiting)) {
    if (broken !== undefined) await removeParent(queues, roundOf(batch));
    await enqueue(producer, batch, true);
    return [isUnsealed ? 'unsealed' : (broken ?? 'unsealed')];
  }
  // A parent that waits, runs or is delayed reaches its reconcile, which does the rest.
  if (!isWaiting) return [];
  const found = await repairSeal(producer, batch, parent.waitsFor);
  return [...found, ...(await repairChildren(producer, batch, inspection))];
}

/** A parent that waits for nothing at all is released by a new seal, too. */
async function repairSeal(producer: Producer, batch: Batch, waitsFor: number): Promise<Finding[]> {
  const { queues } = producer;
  const round = roundOf(batch);
  const fault = waitsFor === 0 ? 'seal-lost' : await findSealFault(queues, round);
  if (fault === undefined) return [];
  if (fault === 'seal-lost') await addSeal(queues, round);
  await promoteSeal(queues, round, batch.expected);
  return [fault];
}
