import { type Batch, finish, readBatch } from '../ledger/batch/batches.ts';
import { claimInvite, releaseInvite } from '../ledger/batch/lock.ts';
import { beginCancel, cancelRows } from '../ledger/batch/rounds.ts';
import { countUninvited } from '../ledger/invites/invites.ts';
import { markedRows, type RowMark } from '../ledger/rows/marks.ts';
import { endRound } from '../queue/flow.ts';
import { announceSoon } from './announce.ts';
import type { Check } from './new-round.ts';
import { type Producer, withLock } from './producer.ts';

/**
 * Cancels an unfinished batch and returns how many rows were cancelled at once. Requests under way
 * finish, rows in doubt are looked up. Then those created are invited, unless `invite` is false. No
 * job is removed: jobs of cancelled rows find nothing to do (B-REMOVE-01).
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE when it is over, E_BATCH_BUSY while it is
 * being submitted.
 */
export async function cancel(
  producer: Producer,
  id: string,
  { check, ...options }: { invite: boolean; check?: Check | undefined },
): Promise<number> {
  const { ledger } = producer;
  await readBatch(ledger, id);
  return withLock(producer, id, async () => {
    await check?.();
    const before = await readBatch(ledger, id);
    await beginCancel(ledger, id, options);
    const cancelled = await cancelRows(ledger, id);
    await endBatch(producer, before, options);
    return cancelled;
  });
}

/**
 * A batch without anything to send is over at once, also under a hold or during a wait: it never had
 * jobs, or nobody is in flight, in doubt or to be invited. Any other ends as soon as its last row is
 * settled and the created people are invited.
 */
async function endBatch(
  producer: Producer,
  { id, state, round }: Batch,
  { invite }: { invite: boolean },
): Promise<void> {
  const hadJobs = state !== 'intake' && state !== 'waiting';
  const toInvite = invite ? await countUninvited(producer.ledger, id) : 0;
  const marks: RowMark[] = invite ? ['to-join', 'half-made', 'to-mail'] : ['to-join'];
  const marked = await Promise.all(marks.map((mark) => markedRows(producer.ledger, id, mark)));
  if (hadJobs && toInvite + marked.flat().length > 0) {
    return endRound(producer.queues, { batch: id, round });
  }
  if (!(await endNow(producer, id))) return endRound(producer.queues, { batch: id, round });
  await announceSoon(producer);
}

/** False while a row is pending, or a job is about to invite. */
async function endNow({ ledger, token, timings }: Producer, id: string): Promise<boolean> {
  if (!(await claimInvite(ledger, id, { job: token, forMs: timings.producerLockMs }))) return false;
  try {
    return await finish(ledger, id);
  } finally {
    await releaseInvite(ledger, id, token);
  }
}
