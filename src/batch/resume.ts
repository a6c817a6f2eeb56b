import { readBatch } from '../ledger/batches.ts';
import { forgiveFailures } from '../ledger/failures.ts';
import { clearHold, type Hold, readHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Queues } from '../queue/queues.ts';

/**
 * Lifts the hold in force, for all workers, and returns it. What failed in the batch that is held
 * until now no longer counts towards the next hold. Without a hold it only makes sure that the
 * queues run.
 */
export async function resume(parts: { ledger: Ledger; queues: Queues }): Promise<Hold | undefined> {
  const { ledger, queues } = parts;
  const hold = await readHold(ledger);
  if (hold?.batch !== undefined) await forgiveFailures(ledger, await readBatch(ledger, hold.batch));
  await clearHold(ledger);
  await Promise.all([queues.createUser, queues.invite].map((queue) => queue.resume()));
  return hold;
}
