import { requireBatch } from '../ledger/batch/require-batch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LogEntry } from '../ledger/notes/action-log.ts';
import { type Reading, readLog } from '../ledger/notes/read-log.ts';

/** Entries of the action log that are listed unless another number is asked for. */
export const LISTED_ACTIONS = 50;

/**
 * Who did what, newest first: to all batches, or to one, also after it was purged.
 * @throws {OnboardError} E_BATCH_UNKNOWN for a batch without an entry that is not stored either.
 */
export async function listActions(ledger: Ledger, reading: Reading): Promise<LogEntry[]> {
  const entries = await readLog(ledger, reading);
  if (reading.batch !== undefined && entries.length === 0) {
    await requireBatch(ledger, reading.batch);
  }
  return entries;
}
