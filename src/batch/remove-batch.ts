import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import { isOver } from '../ledger/batch/batch-state.ts';
import { type Batch, readBatch } from '../ledger/batch/batches.ts';
import { reportOf } from '../ledger/batch/numbers.ts';
import { redisNow } from '../ledger/ledger.ts';
import {
  closePermanently,
  findBatch,
  forgetPeople,
  removeBatch,
} from '../ledger/removal/retention.ts';
import { areRoundsOver, removeJobs } from '../queue/removal.ts';
import { zonedTime } from '../zoned-time.ts';
import { type Producer, proceed, withLock } from './producer.ts';

/** `batch`: everything. `people`: names and e-mails, while the numbers stay. */
export type Removal = 'batch' | 'people';

export interface Removed {
  batchId: string;
  what: Removal;
  /** Rows that the batch has or had. */
  rows: number;
  /** Failed jobs that were still on the board. */
  jobs: number;
}

/**
 * Removes a batch that is over, or only its people, from ledger and queue; `now` is in ms, `check`
 * runs first. A removal
 * cut short can be repeated: a batch without a record counts as over.
 * @throws {OnboardError} E_BATCH_STATE while the batch, or the last of its jobs, has work left;
 * E_BATCH_BUSY when another producer has it.
 */
export async function purge(
  producer: Producer,
  id: string,
  { what, now, check }: { what: Removal; now: number; check?: (() => Promise<void>) | undefined },
): Promise<Removed> {
  const { ledger } = producer;
  return withLock(producer, id, async () => {
    await check?.();
    const batch = await findBatch(ledger, id);
    refuseUnfinished(id, batch);
    if (batch?.finishedAt !== undefined) await untilRested(producer, id, batch.finishedAt);
    const jobs = await removeFromQueues(producer, id, { what, rounds: batch?.round ?? 0 });
    if (batch !== undefined) await closePermanently(ledger, id, now);
    const rows = batch === undefined ? 0 : (await reportOf(ledger, id, now)).total;
    const removal = what === 'batch' ? removeBatch : forgetPeople;
    await removal(ledger, id, () => proceed(producer, id));
    return { batchId: id, what, rows, jobs };
  });
}

/** Waits until the accounts of a batch are older than any new batch can be. */
async function untilRested(producer: Producer, id: string, finishedAt: number): Promise<void> {
  const { ledger, signal, timings } = producer;
  const { purgeRestMs } = timings;
  const restMs = Math.min(finishedAt + purgeRestMs - (await redisNow(ledger)), purgeRestMs);
  if (restMs > 0) await sleep(restMs, undefined, { signal });
  await proceed(producer, id);
}

/** @throws {OnboardError} E_BATCH_UNKNOWN; E_BATCH_STATE when the batch has work left. */
export async function checkPurgeable({ ledger }: Producer, id: string): Promise<void> {
  refuseUnfinished(id, await readBatch(ledger, id));
}

/** An intake whose lock this producer holds was abandoned by its own producer. */
function refuseUnfinished(id: string, batch: Batch | undefined): void {
  if (batch === undefined || isOver(batch) || batch.state === 'intake') return;
  throw new OnboardError(
    'E_BATCH_STATE',
    `batch ${id} is ${batch.state} and has work left: let it finish, or onboard cancel ${id}, then purge it`,
    { details: { state: batch.state } },
  );
}

/** Jobs of a cancelled batch may wait while its people are removed: they have keys only. */
async function removeFromQueues(
  producer: Producer,
  id: string,
  { what, rounds }: { what: Removal; rounds: number },
): Promise<number> {
  const { queues } = producer;
  if (await areRoundsOver(queues, { batch: id, rounds })) {
    return removeJobs(queues, { batch: id, rounds }, () => proceed(producer, id));
  }
  if (what === 'people') return 0;
  throw new OnboardError(
    'E_BATCH_STATE',
    `jobs of batch ${id} are still in the queue: workers skip them, then purge it; onboard purge ${id} --people removes names and e-mails at once`,
  );
}

/** @throws {OnboardError} E_BATCH_UNKNOWN; E_BATCH_STATE when the people of the batch are gone. */
export async function refuseForgotten({ ledger }: Producer, id: string): Promise<void> {
  const { peopleRemovedAt } = await readBatch(ledger, id);
  if (peopleRemovedAt === undefined) return;
  throw new OnboardError(
    'E_BATCH_STATE',
    `names and e-mails of batch ${id} were removed on ${zonedTime(peopleRemovedAt)}: submit the people who are missing as a new list`,
  );
}
