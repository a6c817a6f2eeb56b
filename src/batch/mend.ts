import { type Batch, readBatch } from '../ledger/batches.ts';
import { releaseLock, takeLock } from '../ledger/lock.ts';
import { addSeal, findSealFault, promoteSeal } from '../queue/flow.ts';
import { type ParentState, readParent, removeParent } from '../queue/parent.ts';
import { mendChildren } from './mend-children.ts';
import { enqueue, type Producer, roundOf } from './submit.ts';

/** What can be wrong with a batch in the queue, and is mended. */
export const findings = [
  'unsealed',
  'parent-lost',
  'parent-failed',
  'parent-over',
  'seal-lost',
  'seal-not-promoted',
  'seal-failed',
  'children-lost',
  'failed-child-attached',
] as const;
export type Finding = (typeof findings)[number];

/** How much a look may do, and what it goes by. */
export interface Look {
  /** Dependencies that may still be looked at, over all batches together; counted down. */
  budget: { left: number };
  /**
   * Whether this look is one of a row that compares itself with the one before, through the
   * ledger (the keeper's), or stands alone (`onboard status`).
   */
  remembers: boolean;
}

/** Parents that will never run again although their batch is unfinished. */
const BROKEN: Partial<Record<ParentState, Finding>> = {
  missing: 'parent-lost',
  unknown: 'parent-lost',
  failed: 'parent-failed',
  completed: 'parent-over',
};

/**
 * Looks whether an unfinished batch can still come to its end, and mends it from the ledger: a
 * parent, a seal or children that the queue lost, a failed child that holds the parent, a producer
 * that died after its intake. Works under the producer's lock, so that it neither meets a producer
 * nor another keeper; a batch that is being submitted is left alone. Returns what was found and
 * mended. A healthy batch costs a few commands.
 * @throws {OnboardError} E_BATCH_UNKNOWN; E_BATCH_BUSY, E_QUEUE_REFUSED when the mending was
 * disturbed: the next look goes on.
 */
export async function mend(producer: Producer, id: string, look: Look): Promise<Finding[]> {
  const { ledger, token } = producer;
  if (!isUnfinished(await readBatch(ledger, id))) return [];
  if (!(await takeLock(ledger, id, producer))) return [];
  try {
    return await mendLocked(producer, id, look);
  } finally {
    await releaseLock(ledger, id, token);
  }
}

/** A batch in `intake` is not: without its files nobody can go on with it. */
function isUnfinished(batch: Batch): boolean {
  return batch.state === 'processing' || batch.state === 'inviting';
}

async function mendLocked(producer: Producer, id: string, look: Look): Promise<Finding[]> {
  const { ledger, queues } = producer;
  const parent = await readParent(queues, roundOf(await readBatch(ledger, id)));
  // After the queue: a batch is over in the ledger before its parent is over in the queue.
  const batch = await readBatch(ledger, id);
  if (!isUnfinished(batch)) return [];
  const broken = BROKEN[parent.state];
  const isWaiting = parent.state === 'waiting-children';
  const isUnsealed = batch.sealedRound !== batch.round;
  if (broken !== undefined || (isUnsealed && isWaiting)) {
    if (broken !== undefined) await removeParent(queues, roundOf(batch));
    await enqueue(producer, batch, true);
    return [isUnsealed ? 'unsealed' : (broken ?? 'unsealed')];
  }
  // One that waits, runs or is delayed comes to its reconcile, which does the rest.
  if (!isWaiting) return [];
  const found = await mendSeal(producer, batch, parent.waitsFor);
  return [...found, ...(await mendChildren(producer, batch, look))];
}

/** A parent that waits for nothing at all is let go by a new seal as well. */
async function mendSeal(producer: Producer, batch: Batch, waitsFor: number): Promise<Finding[]> {
  const { queues } = producer;
  const round = roundOf(batch);
  const fault = waitsFor === 0 ? 'seal-lost' : await findSealFault(queues, round);
  if (fault === undefined) return [];
  if (fault === 'seal-lost') await addSeal(queues, round);
  await promoteSeal(queues, round, batch.expected);
  return [fault];
}
