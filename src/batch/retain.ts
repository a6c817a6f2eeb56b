import { OnboardError } from '../errors.ts';
import { isLocked } from '../ledger/batch/lock.ts';
import { unlessDamaged } from '../ledger/damaged.ts';
import { logDone, trimLog } from '../ledger/notes/action-log.ts';
import { findBatch, overBefore } from '../ledger/removal/retention.ts';
import type { Actor } from '../process/actor.ts';
import type { Producer } from './producer.ts';
import { purge, type Removal, type Removed } from './remove-batch.ts';

/** How long data is stored, ms after the end of a batch, or after an entry of the log. */
export interface Retention {
  batchesMs: number;
  peopleMs: number;
  logMs: number;
}

/**
 * Removes data whose retention has passed: of each batch first its people, then the rest; of the
 * action log the old entries. Each removal is an entry of the log. A batch that somebody works on,
 * or whose jobs are still in the queue, is left for a later run. `by` is the author of removals in
 * the action log; `now` is in ms.
 */
export async function retain(
  producer: Producer,
  { by, retention, now }: { by: Actor; retention: Retention; now: number },
): Promise<Removed[]> {
  const { batchesMs, peopleMs, logMs } = retention;
  await unlessDamaged(trimLog(producer.ledger, now - logMs), undefined);
  const removed = await removeAll(producer, { what: 'batch', before: now - batchesMs, now });
  if (peopleMs < batchesMs) {
    removed.push(...(await removeAll(producer, { what: 'people', before: now - peopleMs, now })));
  }
  for (const { batchId: batch, what, rows, jobs } of removed) {
    const details = { what, rows, jobs };
    await logDone(producer.ledger, { action: 'purge', batch, by, details });
  }
  return removed;
}

async function removeAll(
  producer: Producer,
  { what, before, now }: { what: Removal; before: number; now: number },
): Promise<Removed[]> {
  const removed: Removed[] = [];
  for (const id of await overBefore(producer.ledger, before)) {
    if (producer.signal.aborted) break;
    const due = await dueRemoval(producer, id, what);
    const one = due && (await tryPurge(producer, id, { what: due, now }));
    if (one !== undefined) removed.push(one);
  }
  return removed;
}

/** The parts of a batch whose retention has ended. An abandoned intake has none worth keeping. */
async function dueRemoval({ ledger }: Producer, id: string, what: Removal) {
  if (await isLocked(ledger, id)) return undefined;
  if (what === 'batch') return 'batch';
  const batch = await findBatch(ledger, id);
  if (batch === undefined || batch.state === 'intake') return 'batch';
  return batch.peopleRemoved ? undefined : 'people';
}

async function tryPurge(producer: Producer, id: string, removal: { what: Removal; now: number }) {
  try {
    return await purge(producer, id, removal);
  } catch (error) {
    if (isNotYet(error)) return undefined;
    throw error;
  }
}

/** Whether a purge was refused only because the batch has work left, or a producer. */
export function isNotYet(error: unknown): error is OnboardError {
  const codes: readonly string[] = ['E_BATCH_STATE', 'E_BATCH_BUSY'];
  return error instanceof OnboardError && codes.includes(error.code);
}
