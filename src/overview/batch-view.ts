import { isMoving, isOver } from '../ledger/batch/batch-state.ts';
import { countBatches, listBatches, readBatch } from '../ledger/batch/batches.ts';
import { isLocked } from '../ledger/batch/lock.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { readLog } from '../ledger/notes/read-log.ts';
import { countRows } from '../ledger/rows/rows.ts';
import { readBatchList } from './batch-list.ts';
import { readCourse } from './course.ts';
import { needsIn } from './needs.ts';
import { type Readable, readOverview } from './overview.ts';
import { readStanding } from './standing.ts';

/** Unfinished batches that are looked at to say how many people come before a batch. */
const MOST_BEFORE = 200;

/** Entries of the log beside a batch. */
const SHOWN_ACTIONS = 5;

/** A batch with everything that its page shows, at one moment. */
export type BatchView = Awaited<ReturnType<typeof readBatchView>>;

/**
 * Reads a batch for its page. `now` in ms.
 * @throws {OnboardError} E_BATCH_UNKNOWN with the names most like it, E_LEDGER_DAMAGED
 */
export async function readBatchView(readable: Readable, id: string, now: number) {
  const { ledger } = readable;
  await requireBatch(ledger, id);
  const [overview, standing, batch, activity, held, course] = await Promise.all([
    readOverview(readable, id, now),
    readStanding(readable, now),
    readBatch(ledger, id),
    readLog(ledger, { batch: id, limit: SHOWN_ACTIONS }),
    countRows(ledger, id, 'later'),
    readCourse(readable, id),
  ]);
  const { report } = overview;
  const isIncomplete = report.state === 'intake' && !(await isLocked(ledger, id));
  const isUntouched = report.state === 'processing' && report.pending === report.accepted;
  return {
    overview,
    standing,
    options: batch,
    /** People whom a limit holds back. */
    held,
    isIncomplete,
    /** People of earlier batches who are worked first; 0 once the batch has begun. */
    ahead: isUntouched ? await peopleBefore(readable, batch) : 0,
    activity,
    course,
    now,
  };
}

async function peopleBefore(
  { ledger }: Pick<Readable, 'ledger'>,
  { id, acceptedAt }: { id: string; acceptedAt: number },
): Promise<number> {
  const { ids } = await listBatches(ledger, MOST_BEFORE);
  const { reports } = await readBatchList(ledger, ids, acceptedAt);
  return reports
    .filter((other) => other.batchId !== id && isMoving(other))
    .filter((other) => Date.parse(other.startedAt) < acceptedAt)
    .reduce((sum, { pending }) => sum + pending, 0);
}

/** Batches that the front page looks at, the newest. */
const NEWEST = 200;

/** Everything that the front page shows, at one moment. */
export type FrontView = Awaited<ReturnType<typeof readFront>>;

/** Reads the newest batches, what they need, and what stands in the way of all. `now` in ms. */
export async function readFront(readable: Readable, now: number) {
  const { ledger } = readable;
  const { ids } = await listBatches(ledger, NEWEST);
  const [standing, list, total] = await Promise.all([
    readStanding(readable, now),
    readBatchList(ledger, ids, now),
    countBatches(ledger),
  ]);
  const inProgress = list.reports.filter((report) => !isOver(report));
  const needs = await needsIn(readable, list.numbers, list.incomplete);
  return { standing, ...list, inProgress, total, needs, now };
}
