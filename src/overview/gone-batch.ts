import { batchIds } from '../ledger/batch/batches.ts';
import { readLog } from '../ledger/notes/read-log.ts';
import { nearestNames } from '../nearest-names.ts';
import type { Readable } from './overview.ts';

/** Batches whose names are compared, at most. */
const MOST_NAMES = 10_000;

/** Entries of the log about one batch, of which the newest count. */
const MOST_ENTRIES = 20;

/** Looks for a batch that is not stored: who purged it, and names like it. */
export async function readGone({ ledger }: Pick<Readable, 'ledger'>, id: string) {
  const [entries, ids] = await Promise.all([
    readLog(ledger, { batch: id, limit: MOST_ENTRIES }),
    batchIds(ledger, MOST_NAMES),
  ]);
  const purge = entries.find(({ action, outcome }) => action === 'purge' && outcome === 'done');
  return { purge, near: nearestNames(id, ids) };
}
