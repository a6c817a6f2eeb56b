import { checkPurgeable, purge, type Removal, type Removed } from '../batch/remove-batch.ts';
import { isNotYet } from '../batch/retain.ts';
import type { Affected } from '../ledger/batch/affected.ts';
import { logged } from '../ledger/notes/action-log.ts';
import { findBatch, overBefore } from '../ledger/removal/retention.ts';
import { asShown } from './as-shown.ts';
import type { Acting } from './batch-actions.ts';

export interface Purged {
  removed: Removed[];
  /** Batches that could not be purged now. */
  skipped: { batchId: string; code: string; reason: string }[];
}

/** Ids of the batches that were over before a time, ms, and still have what is to be removed. */
export async function purgeable(
  { producer }: Acting,
  { what, before }: { what: Removal; before: number },
): Promise<string[]> {
  const ids = await overBefore(producer.ledger, before);
  if (what === 'batch') return ids;
  const batches = await Promise.all(ids.map((id) => findBatch(producer.ledger, id)));
  return ids.filter((_, index) => batches[index]?.peopleRemoved === false);
}

/**
 * Checks that a batch may be purged, before anybody is asked to confirm it.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE
 */
export function refuseUnpurgeable({ producer }: Acting, batch: string): Promise<void> {
  return checkPurgeable(producer, batch);
}

/**
 * Removes a batch that is over, or only its people.
 * @throws {OnboardError} E_BATCH_STATE while the batch or its jobs have work left, E_BATCH_BUSY,
 * E_MOVED when it is not as `shown`.
 */
export function purgeBatch(
  { producer, by }: Acting,
  id: string,
  { what, shown }: { what: Removal; shown?: Affected | undefined },
): Promise<Removed> {
  const result = ({ rows, jobs }: Removed) => ({ rows, jobs });
  const act = { action: 'purge' as const, batch: id, by, details: { what }, result };
  return logged(producer.ledger, act, () =>
    asShown(producer.ledger, { batch: id, action: 'purge', shown }, (check) =>
      purge(producer, id, { what, now: Date.now(), check }),
    ),
  );
}

/** Removes several batches; a batch that cannot be purged now does not stop the others. */
export async function purgeBatches(
  acting: Acting,
  ids: readonly string[],
  what: Removal,
): Promise<Purged> {
  const purged: Purged = { removed: [], skipped: [] };
  for (const id of ids) {
    try {
      purged.removed.push(await purgeBatch(acting, id, { what }));
    } catch (error) {
      if (!isNotYet(error)) throw error;
      purged.skipped.push({ batchId: id, code: error.code, reason: error.message });
    }
  }
  return purged;
}
