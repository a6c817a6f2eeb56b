import type { Finding } from '../../batch/findings.ts';
import type { Producer } from '../../batch/producer.ts';
import { messageOf, OnboardError } from '../../errors.ts';
import { unfinishedOf } from '../../ledger/batch/batches.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { hasKeeperRun } from '../../ledger/notes/keeper-notes.ts';
import { readHold } from '../../ledger/stops/holds.ts';
import { isForbidden } from '../../redis/connection/lost.ts';

/** Dependencies that `onboard status` inspects over all batches: it answers within a second. */
const BUDGET = 10_000;

const WORDS: Record<Finding, string> = {
  unsealed: 'its submission had stopped half-way: completed',
  'parent-lost': 'the queue had lost the parent job: repaired',
  'parent-failed': 'the queue had failed the parent job: repaired',
  'parent-over': 'the parent job had ended before the batch: repaired',
  'seal-lost': 'the queue had lost the seal: repaired',
  'seal-not-promoted': 'the seal had not been promoted: repaired',
  'seal-failed': 'the queue had failed the seal: repaired',
  'children-lost': 'the queue had lost jobs of people: added again',
  'failed-child-attached': 'failed jobs held the parent job: settled',
};

/** One line for each finding. */
export function findingsText(found: readonly Finding[]): string {
  return found.map((finding) => `  ${WORDS[finding]}\n`).join('');
}

/** Repairs before `status`, for its output. */
export interface Repairs {
  found: ReadonlyMap<string, readonly Finding[]>;
  /** Whether the user of this Redis may not write, so that nothing was checked. */
  isForbidden?: boolean;
}

export const mayNotRepair =
  'this Redis user may not write: no batch was checked or repaired; a running worker does both every minute\n';

/**
 * Repairs those of these batches that are not over. None is repaired under a hold, where the queues
 * stand still on purpose, or when a worker's keeper has run within the last minute.
 */
export async function repairBeforeStatus(
  ledger: Ledger,
  batches: readonly string[],
  openProducer: () => Promise<Producer>,
): Promise<Repairs> {
  if ((await readHold(ledger)) !== undefined) return { found: new Map() };
  const unfinished = await unfinishedOf(ledger, batches);
  if (unfinished.length === 0 || (await hasKeeperRun(ledger))) return { found: new Map() };
  return repairAll(await openProducer(), unfinished);
}

/**
 * Repairs these batches as the keeper does; logs a batch that cannot be repaired.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function repairAll(producer: Producer, batches: readonly string[]): Promise<Repairs> {
  const { repair } = await import('../../batch/repair.ts');
  const found = new Map<string, Finding[]>();
  const inspection = { budget: { left: BUDGET }, remembers: false };
  for (const batchId of batches) {
    try {
      found.set(batchId, await repair(producer, batchId, inspection));
    } catch (error) {
      producer.signal.throwIfAborted();
      if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') throw error;
      if (isForbidden(error)) return { found, isForbidden: true };
      producer.logger.warn({ batchId, reason: messageOf(error) }, 'batch could not be repaired');
    }
  }
  return { found };
}
