import { type Batch, sealRound } from '../ledger/batch/batches.ts';
import { rowsIn } from '../ledger/rows/rows.ts';
import { findChildren } from '../queue/children.ts';
import { addChildren, openFlow, promoteSeal } from '../queue/flow.ts';
import { parentId, type Round } from '../queue/job-id.ts';
import type { Queues } from '../queue/queues.ts';
import { inFlight } from './in-flight.ts';
import { type Producer, proceed, roundOf } from './producer.ts';

/** Slices of jobs: one is prepared while another is with Redis; more would only cost memory. */
const SLICES_AT_ONCE = 2;

/**
 * Opens the flow, adds the children of the rows still pending and seals it, from the ledger alone.
 * `isRepeated` is for a batch that lost jobs, of which others may still exist.
 * @throws {OnboardError} E_BATCH_BUSY, E_QUEUE_REFUSED
 */
export async function enqueue(producer: Producer, batch: Batch, isRepeated = false): Promise<void> {
  const { ledger, queues, attempts } = producer;
  const round = roundOf(batch);
  const parent = await queues.invite.getJob(parentId(batch.id, batch.round));
  const hasJobs = isRepeated || parent !== undefined;
  await openFlow(queues, round);
  await inFlight(SLICES_AT_ONCE, async (start) => {
    for await (const pending of pendingAhead(producer, batch.id)) {
      const rows = hasJobs ? await withoutFailed(queues, round, pending) : pending;
      await start(() => addChildren(queues, round, { rows, attempts }));
    }
  });
  await sealRound(ledger, batch);
  await promoteSeal(queues, round, batch.expected);
  producer.logger.info({ batchId: batch.id, expected: batch.expected }, 'batch sealed');
}

/**
 * The pending rows in slices, while this producer has the lock. Each is asked for before the one
 * before it is used: behind that one's jobs, the question and then Redis would wait for each other.
 */
async function* pendingAhead(producer: Producer, batch: string): AsyncGenerator<number[]> {
  const slices = rowsIn(producer.ledger, batch, 'pending');
  const read = async () => (await Promise.all([slices.next(), proceed(producer, batch)]))[0];
  let next = read();
  for (let slice = await next; slice.done !== true; slice = await next) {
    next = read();
    // A caller that stops early leaves this one unread.
    next.catch(() => undefined);
    yield slice.value;
  }
}

/**
 * Leaves out rows whose job failed and still exists: it would be attached again without ever
 * running and keep the parent waiting (B-FLOW-03). Reconcile settles such rows before the invite.
 */
async function withoutFailed(queues: Queues, round: Round, rows: readonly number[]) {
  const { missing, queued } = await findChildren(queues, round, rows);
  return [...queued, ...missing].sort((a, b) => a - b);
}
