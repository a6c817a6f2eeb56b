import { type Finding, mend } from '../batch/mend.ts';
import type { Producer } from '../batch/submit.ts';
import { messageOf, OnboardError } from '../errors.ts';

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
 * Mends these batches as the keeper does; a batch that resists is logged and does not keep its
 * numbers from being shown.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function mendForStatus(
  producer: Producer,
  batches: readonly string[],
): Promise<Map<string, Finding[]>> {
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
