import { setTimeout as pause } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import { type Batch, readBatch } from '../ledger/batches.ts';
import { forgetPeople } from '../ledger/forget.ts';
import { releaseLock } from '../ledger/lock.ts';
import { reportOf } from '../ledger/report.ts';
import { closeForGood, readKept, removeBatch } from '../ledger/retention.ts';
import { areRoundsOver, removeKept } from '../queue/removal.ts';
import { goOn, type Producer, waitForLock } from './submit.ts';

/** `batch`: everything of it. `people`: names and e-mails, while the numbers stay. */
export type Removal = 'batch' | 'people';

/** What was removed of a batch. */
export interface Removed {
  batchId: string;
  what: Removal;
  /** Rows that the batch has or had. */
  rows: number;
  /** Failed jobs that were still on the board. */
  jobs: number;
}

/**
 * Removes a batch that is over, or only its people, from ledger and queue, in slices and under the
 * producer's lock; cut short, it can be repeated. A batch without a record, left by a purge cut short,
 * is one that is over. `now` is ms.
 * @throws {OnboardError} E_BATCH_STATE while the batch, or the last of its jobs, has work left;
 * E_BATCH_BUSY when another producer has it.
 */
export async function purge(
  producer: Producer,
  id: string,
  { what, now }: { what: Removal; now: number },
): Promise<Removed> {
  const { ledger, token } = producer;
  await waitForLock(producer, id);
  try {
    const batch = await readKept(ledger, id);
    refuseUnfinished(id, batch);
    if (batch?.finishedAt !== undefined) await untilRested(producer, id, batch.finishedAt);
    const jobs = await removeJobs(producer, { id, rounds: batch?.round ?? 0, what });
    if (batch !== undefined) await closeForGood(ledger, id, now);
    const rows = batch === undefined ? 0 : (await reportOf(ledger, id, now)).total;
    const proceed = () => goOn(producer, id);
    if (what === 'batch') await removeBatch(ledger, id, proceed);
    else await forgetPeople(ledger, id, proceed);
    return { batchId: id, what, rows, jobs };
  } finally {
    await releaseLock(ledger, id, token);
  }
}

/** Waits until a batch has been over for long enough that its accounts are older than any new batch. */
async function untilRested(producer: Producer, id: string, finishedAt: number): Promise<void> {
  const { ledger, signal, timings } = producer;
  const { purgeRestMs } = timings;
  const [seconds] = await ledger.redis.time();
  const restMs = Math.min(finishedAt + purgeRestMs - Number(seconds) * 1000, purgeRestMs);
  if (restMs > 0) await pause(restMs, undefined, { signal });
  await goOn(producer, id);
}

/**
 * Refuses before anybody is asked.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE
 */
export async function checkPurgeable({ ledger }: Producer, id: string): Promise<void> {
  refuseUnfinished(id, await readBatch(ledger, id));
}

/** An intake that this producer has the lock of was given up by its own. */
function refuseUnfinished(id: string, batch: Batch | undefined): void {
  const isOver = ['finished', 'cancelled', 'intake'].includes(batch?.state ?? 'finished');
  if (isOver) return;
  throw new OnboardError(
    'E_BATCH_STATE',
    `batch ${id} is ${batch?.state} and has work left: let it finish, or onboard cancel ${id}, then purge it`,
    { details: { state: batch?.state } },
  );
}

/**
 * People can be forgotten while jobs of a cancelled batch are still passed over: those hold keys only,
 * and find their rows settled.
 */
async function removeJobs(
  producer: Producer,
  { id, rounds, what }: { id: string; rounds: number; what: Removal },
): Promise<number> {
  const { queues } = producer;
  if (await areRoundsOver(queues, { batch: id, rounds })) {
    return removeKept(queues, { batch: id, rounds }, () => goOn(producer, id));
  }
  if (what === 'people') return 0;
  throw new OnboardError(
    'E_BATCH_STATE',
    `jobs of batch ${id} are still in the queue: workers pass them over, then purge it; onboard purge ${id} --people removes names and e-mails at once`,
  );
}

/**
 * @throws {OnboardError} E_BATCH_UNKNOWN; E_BATCH_STATE when the people of the batch are gone.
 */
export async function refuseForgotten(producer: Producer, id: string): Promise<void> {
  const { peopleRemovedAt } = await readBatch(producer.ledger, id);
  if (peopleRemovedAt === undefined) return;
  throw new OnboardError(
    'E_BATCH_STATE',
    `names and e-mails of batch ${id} were removed on ${new Date(peopleRemovedAt).toISOString()}: submit the people who are missing as a new list`,
  );
}
