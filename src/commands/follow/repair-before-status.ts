import type { Finding } from '../../batch/findings.ts';
import type { Producer } from '../../batch/producer.ts';
import { messageOf, OnboardError } from '../../errors.ts';
import { unfinishedOf } from '../../ledger/batch/batches.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { hasKeeperRun } from '../../ledger/notes/keeper-notes.ts';
import { readHold } from '../../ledger/stops/holds.ts';

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

/**
 * Repairs those of these batches that are not over. None is repaired under a hold, where the queues
 * stand still on purpose, or when a worker's keeper has run within the last minute.
 */
export async function repairBeforeStatus(
  ledger: Ledger,
  batches: readonly string[],
  openProducer: () => Promise<Producer>,
): Promise<Map<string, Finding[]>> {
  if ((await readHold(ledger)) !== undefined) return new Map();
  const unfinished = await unfinishedOf(ledger, batches);
  if (unfinished.length === 0 || (await hasKeeperRun(ledger))) return new Map();
  return repairAll(await openProducer(), unfinished);
}

/**
 * Repairs these batches as the keeper does; logs a batch that cannot be repaired.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function repairAll(
  producer: Producer,
  batches: readonly string[],
): Promise<Map<string, Finding[]>> {
  const { repair } = await import('../../batch/repair.ts');
  const found = new Map<string, Finding[]>();
  const inspection = { budget: { left: BUDGET }, remembers: false };
  for (const batchId of batches) {
    try {
      found.set(batchId, await repair(producer, batchId, inspection));
    } catch (error) {
      producer.signal.throwIfAborted();
      if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') throw error;
      producer.logger.warn({ batchId, reason: messageOf(error) }, 'batch could not be repaired');
    }
  }
  return found;
}
