import type { Actor } from '../actor.ts';
import { OnboardError } from '../errors.ts';
import { isLocked } from '../ledger/lock.ts';
import { noteDone, trimLog } from '../ledger/log.ts';
import { overBefore, readKept } from '../ledger/retention.ts';
import { purge, type Removal, type Removed } from './purge.ts';
import type { Producer } from './submit.ts';

/** How long what is kept, ms after the end of a batch; of the log, after each entry. */
export interface Retention {
  batchesMs: number;
  peopleMs: number;
  logMs: number;
}

/**
 * Removes what has been kept long enough: of each batch first its people, then the rest; of the action
 * log the old entries. What it removes is an entry of the log, by `by`. A batch that somebody is at, or
 * whose jobs are still in the queue, is left to a later look. `now` is ms.
 */
export async function retain(
  producer: Producer,
  { by, retention, now }: { by: Actor; retention: Retention; now: number },
): Promise<Removed[]> {
  const { batchesMs, peopleMs, logMs } = retention;
  await trimLog(producer.ledger, now - logMs);
  const purged = await removeAll(producer, { what: 'batch', before: now - batchesMs, now });
  const isEarlier = peopleMs < batchesMs;
  const forgotten = isEarlier
    ? await removeAll(producer, { what: 'people', before: now - peopleMs, now })
    : [];
  const removed = [...purged, ...forgotten];
  for (const { batchId: batch, what, rows, jobs } of removed) {
    const details = { what, rows, jobs };
    await noteDone(producer.ledger, { action: 'purge', batch, by, details });
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

/** What is to be done for a batch now; an intake that was given up has nothing worth keeping. */
async function dueRemoval(
  { ledger }: Producer,
  id: string,
  what: Removal,
): Promise<Removal | undefined> {
  if (await isLocked(ledger, id)) return undefined;
  if (what === 'batch') return 'batch';
  const batch = await readKept(ledger, id);
  if (batch === undefined || batch.state === 'intake') return 'batch';
  return batch.peopleRemoved ? undefined : 'people';
}

/** Undefined when the batch cannot be removed yet. */
async function tryPurge(
  producer: Producer,
  id: string,
  removal: { what: Removal; now: number },
): Promise<Removed | undefined> {
  try {
    return await purge(producer, id, removal);
  } catch (error) {
    const codes: readonly string[] = ['E_BATCH_STATE', 'E_BATCH_BUSY'];
    if (error instanceof OnboardError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
