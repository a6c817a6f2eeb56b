import { setTimeout as pause } from 'node:timers/promises';
import type { AccountType } from '../account-types.ts';
import { OnboardError } from '../errors.ts';
import { type Batch, closeIntake, openBatch, readBatch, sealRound } from '../ledger/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { keepLock, releaseLock, takeLock } from '../ledger/lock.ts';
import { type NewRow, recordRows } from '../ledger/record-rows.ts';
import { holdBack } from '../ledger/rounds.ts';
import { rowsIn, SLICE_ROWS } from '../ledger/rows.ts';
import type { Logger } from '../logger.ts';
import { findChildren } from '../queue/children.ts';
import { addChildren, openFlow, promoteSeal, type Round } from '../queue/flow.ts';
import { parentId } from '../queue/job-id.ts';
import type { Queues } from '../queue/queues.ts';
import type { Timings } from '../timings.ts';
import { inFlight } from './in-flight.ts';

/** What a producer works with. */
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

export interface Submission {
  id: string;
  digest: string;
  portal: string;
  inviteType: AccountType;
  culture?: string;
  acceptedOnPortal?: number;
  maxFailedPercent?: number;
  inviteSize?: number;
  /** Only the first so many people now, the others when a person says so. */
  limit?: number;
  inviteHeld?: boolean;
  minCreatedPercent?: number;
  /** ms since the epoch */
  inviteAt?: number;
  /** Where its end is told; a secret. */
  notify?: string;
  /** The rows in the order of the input; must give the same rows each time. */
  rows: () => AsyncIterable<NewRow>;
}

/** One slice of jobs is prepared while another is with Redis; more would only cost memory. */
const SLICES_AT_ONCE = 2;

/**
 * Makes a list of people a sealed flow: record every row, open the flow, add the children in
 * slices of 1,000, seal it. Memory does not grow with the number of rows. A producer that died in
 * between is made good by submitting the same again: recorded rows stay, only rows still pending
 * are added, and nothing is added once the round is sealed. `already` tells that it was.
 * @throws {OnboardError} E_BATCH_BUSY when another producer is submitting the batch,
 * E_BATCH_CONFLICT, E_QUEUE_REFUSED; the signal's reason when it is aborted.
 */
export async function submit(
  producer: Producer,
  submission: Submission,
): Promise<{ batch: Batch; already: boolean }> {
  const { rows, ...about } = submission;
  await waitForLock(producer, about.id);
  try {
    const opened = await openBatch(producer.ledger, about);
    if (opened.sealedRound === opened.round) {
      // A producer may have died between the ledger's note and the promotion.
      await promoteSeal(producer.queues, roundOf(opened), opened.expected);
      return { batch: opened, already: true };
    }
    if (opened.state === 'intake') {
      await recordAll(producer, opened.id, rows());
      if (opened.limit !== undefined) await holdBack(producer.ledger, opened.id, opened.limit);
      await closeIntake(producer.ledger, opened.id);
    }
    await enqueue(producer, await readBatch(producer.ledger, opened.id));
    return { batch: await readBatch(producer.ledger, opened.id), already: false };
  } finally {
    await releaseLock(producer.ledger, about.id, producer.token);
  }
}

/**
 * Waits until this producer has the batch for itself.
 * @throws {OnboardError} E_BATCH_BUSY when another one keeps it.
 */
export async function waitForLock(producer: Producer, batch: string): Promise<void> {
  const { producerLockMs, producerLockPollMs } = producer.timings;
  const tries = Math.ceil((producerLockMs * 1.5) / producerLockPollMs);
  for (let left = tries; left > 0; left -= 1) {
    producer.signal.throwIfAborted();
    if (await takeLock(producer.ledger, batch, producer)) return;
    if (left === tries) producer.logger.info({ batchId: batch }, 'waiting for another producer');
    await pause(producerLockPollMs);
  }
  throw busy(batch);
}

/**
 * Before each slice: stop when told to, or when the lock ran out.
 * @throws {OnboardError} E_BATCH_BUSY; the signal's reason when it is aborted.
 */
export async function goOn(producer: Producer, batch: string): Promise<void> {
  producer.signal.throwIfAborted();
  if (!(await keepLock(producer.ledger, batch, producer))) throw busy(batch);
}

function busy(batch: string): OnboardError {
  return new OnboardError(
    'E_BATCH_BUSY',
    `another producer is submitting batch ${batch}: wait until it has finished`,
  );
}

async function recordAll(
  producer: Producer,
  batch: string,
  rows: AsyncIterable<NewRow>,
): Promise<void> {
  let slice: NewRow[] = [];
  let first = 0;
  // One at a time, while the next is read: an address belongs to the first slice that claims it.
  await inFlight(1, async (start) => {
    const record = async () => {
      await goOn(producer, batch);
      const recorded = { batch, first, rows: slice };
      await start(() => recordRows(producer.ledger, recorded));
      first += slice.length;
      slice = [];
    };
    for await (const row of rows) {
      slice.push(row);
      if (slice.length === SLICE_ROWS) await record();
    }
    if (slice.length > 0) await record();
  });
}

/**
 * The second half of a producer's work, from the ledger alone: open the flow, add the children of
 * the rows still pending, seal it. Done `again`, for a batch that lost jobs, it takes care as one
 * that finds the parent there.
 * @throws {OnboardError} E_BATCH_BUSY, E_QUEUE_REFUSED
 */
export async function enqueue(producer: Producer, batch: Batch, again = false): Promise<void> {
  const { ledger, queues, attempts } = producer;
  const round = roundOf(batch);
  const parent = await queues.invite.getJob(parentId(batch.id, batch.round));
  const isResumed = again || parent !== undefined;
  await openFlow(queues, round);
  await inFlight(SLICES_AT_ONCE, async (start) => {
    for await (const pending of rowsIn(ledger, batch.id, 'pending')) {
      await goOn(producer, batch.id);
      const rows = isResumed ? await notFailed(queues, round, pending) : pending;
      await start(() => addChildren(queues, round, { rows, attempts }));
    }
  });
  await sealRound(ledger, batch);
  await promoteSeal(queues, round, batch.expected);
  producer.logger.info({ batchId: batch.id, expected: batch.expected }, 'batch sealed');
}

export function roundOf(batch: Batch): Round {
  return { batch: batch.id, round: batch.round };
}

/**
 * A failed job that is kept would be attached again without ever running and hold the parent for
 * ever (bullmq.md, rule R1); before inviting, reconcile settles such rows from the queue.
 */
async function notFailed(queues: Queues, round: Round, rows: readonly number[]): Promise<number[]> {
  const { missing, queued } = await findChildren(queues, round, rows);
  return [...queued, ...missing].sort((a, b) => a - b);
}
