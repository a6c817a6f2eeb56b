import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import type { Batch } from '../ledger/batch/batches.ts';
import { keepLock, releaseLock, takeLock } from '../ledger/batch/lock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../process/logger.ts';
import type { Round } from '../queue/job-id.ts';
import type { Queues } from '../queue/queues.ts';
import type { Timings } from '../timings.ts';

export interface Producer {
  ledger: Ledger;
  queues: Queues;
  logger: Logger;
  /** Attempts of each job. */
  attempts: number;
  /** Names this producer in the batch's lock; random. */
  token: string;
  /** Stops the producer between two slices. */
  signal: AbortSignal;
  timings: Timings;
}

/**
 * Runs `work` while this producer holds the lock of the batch, which is renewed meanwhile: to open
 * 1,000,000 rows again takes longer than the lock lasts.
 * @throws {OnboardError} E_BATCH_BUSY when another producer keeps it.
 */
export async function withLock<T>(
  producer: Producer,
  batch: string,
  work: () => Promise<T>,
): Promise<T> {
  await waitForLock(producer, batch);
  const keep = () => void keepLock(producer.ledger, batch, producer).catch(() => undefined);
  const renewal = setInterval(keep, producer.timings.producerLockMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await releaseLock(producer.ledger, batch, producer.token);
  }
}

async function waitForLock(producer: Producer, batch: string): Promise<void> {
  const { producerLockMs, producerLockPollMs } = producer.timings;
  const tries = Math.ceil((producerLockMs * 1.5) / producerLockPollMs);
  for (let left = tries; left > 0; left -= 1) {
    producer.signal.throwIfAborted();
    if (await takeLock(producer.ledger, batch, producer)) return;
    if (left === tries) producer.logger.info({ batchId: batch }, 'waiting for another producer');
    await sleep(producerLockPollMs);
  }
  throw busy(batch);
}

/**
 * Runs before each slice: throws when the producer is aborted or has lost its lock.
 * @throws {OnboardError} E_BATCH_BUSY; the signal's reason when it is aborted.
 */
export async function proceed(producer: Producer, batch: string): Promise<void> {
  producer.signal.throwIfAborted();
  if (!(await keepLock(producer.ledger, batch, producer))) throw busy(batch);
}

function busy(batch: string): OnboardError {
  return new OnboardError(
    'E_BATCH_BUSY',
    `another producer is submitting batch ${batch}: wait until it has finished`,
  );
}

export function roundOf(batch: Batch): Round {
  return { batch: batch.id, round: batch.round };
}
