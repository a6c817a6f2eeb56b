import type { Finding } from '../batch/mend.ts';
import type { Producer } from '../batch/submit.ts';
import { messageOf, OnboardError } from '../errors.ts';
import { unfinishedOf } from '../ledger/batches.ts';
import { isKept } from '../ledger/looks.ts';
import type { Context } from './context.ts';
import type { LedgerStore } from './open-ledger.ts';

/** Dependencies that `onboard status` looks at over all batches: it answers within a second. */
const BUDGET = 10_000;

const WORDS: Record<Finding, string> = {
  unsealed: 'its submission had stopped half-way: finished',
  'parent-lost': 'the queue had lost the parent job: mended',
  'parent-failed': 'the queue had failed the parent job: mended',
  'parent-over': 'the parent job had ended before the batch: mended',
  'seal-lost': 'the queue had lost the seal: mended',
  'seal-not-promoted': 'the seal had not been let go: mended',
  'seal-failed': 'the queue had failed the seal: mended',
  'children-lost': 'the queue had lost jobs of people: added again',
  'failed-child-attached': 'failed jobs held the parent job: settled',
};

/** One line for each finding, as `onboard status` says it. */
export function findingsText(found: readonly Finding[]): string {
  return found.map((finding) => `  ${WORDS[finding]}\n`).join('');
}

/**
 * Mends those of these batches that could need it. The queues are loaded and opened only then: not
 * for batches that are over, nor where a worker's keeper has looked within the last minute.
 */
export async function mendBeforeStatus(
  context: Context,
  store: LedgerStore,
  batches: readonly string[],
): Promise<Map<string, Finding[]>> {
  const unfinished = await unfinishedOf(store.ledger, batches);
  if (unfinished.length === 0 || (await isKept(store.ledger))) return new Map();
  const { producerOf, withQueues } = await import('./open.ts');
  return mendForStatus(producerOf(context, await withQueues(context, store)), unfinished);
}

/**
 * Mends these batches as the keeper does; a batch that resists is logged and does not keep its
 * numbers from being shown.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function mendForStatus(
  producer: Producer,
  batches: readonly string[],
): Promise<Map<string, Finding[]>> {
  const { mend } = await import('../batch/mend.ts');
  const found = new Map<string, Finding[]>();
  const look = { budget: { left: BUDGET }, remembers: false };
  for (const batchId of batches) {
    try {
      found.set(batchId, await mend(producer, batchId, look));
    } catch (error) {
      producer.signal.throwIfAborted();
      if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') throw error;
      producer.logger.warn({ batchId, reason: messageOf(error) }, 'batch could not be mended');
    }
  }
  return found;
}
