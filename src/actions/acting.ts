import type { Producer } from '../batch/producer.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { type Act, logged } from '../ledger/notes/action-log.ts';
import type { Actor } from '../process/actor.ts';

/** Who acts, and with what. */
export interface Acting {
  producer: Producer;
  by: Actor;
}

/** The entry of the action log about an action on a batch. */
type OnBatch<T> = Omit<Act<T>, 'by' | 'batch'>;

/**
 * Runs an action on a batch that exists and logs it. The check comes first, so that what somebody
 * mistook for a batch never reaches the log.
 * @throws {OnboardError} E_BATCH_UNKNOWN, and what `work` throws.
 */
export async function actOn<T>(
  { producer, by }: Acting,
  batch: string,
  { work, ...act }: OnBatch<T> & { work: () => Promise<T> },
): Promise<T> {
  await requireBatch(producer.ledger, batch);
  return logged(producer.ledger, { ...act, batch, by }, work);
}

/** The details of an action that affects a number of people. */
export function counted(name: string): (people: number) => Record<string, number> {
  return (people) => ({ [name]: people });
}
