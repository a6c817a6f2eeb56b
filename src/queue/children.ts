import type { Job } from 'bullmq';
import { childId, parentId, type Round } from './job-id.ts';
import type { Queues } from './queues.ts';

/** The jobs of a list of rows. */
export interface Children {
  /** Rows without a job. */
  missing: number[];
  /** Rows whose job waits, runs or is delayed. */
  queued: number[];
  /** Jobs that failed; they never run again by themselves. */
  failed: FailedChild[];
}

export interface FailedChild {
  row: number;
  reason: string;
  attempts: number;
  /**
   * The job's hash disappeared (evicted, deleted) while its id waited, and a worker failed an empty
   * job. It has neither its row nor its parent, so it cannot be detached.
   */
  isBare: boolean;
  /** Removes the job, so that it can be added anew. */
  discard: () => Promise<void>;
  /** Removes the job from its parent's dependencies. */
  detach: () => Promise<boolean>;
}

/** Finds the rows' jobs: two cheap commands for each, all at once; a slice is 1,000 rows. */
export async function findChildren(
  queues: Queues,
  round: Round,
  rows: readonly number[],
): Promise<Children> {
  const { createUser } = queues;
  const jobs = await Promise.all(rows.map((row) => createUser.getJob(childId({ ...round, row }))));
  const failures = await Promise.all(jobs.map(async (job) => (await job?.isFailed()) === true));
  const found: Children = { missing: [], queued: [], failed: [] };
  for (const [index, row] of rows.entries()) {
    const job = jobs[index];
    if (job === undefined) found.missing.push(row);
    else if (failures[index] === true) found.failed.push(failedChild(row, job));
    else found.queued.push(row);
  }
  return found;
}

/**
 * Removes jobs that are in none of the queue's lists and sets (a list was evicted or deleted), and
 * returns their rows. Only for an idle queue: BullMQ searches its lists for each job.
 */
export async function discardStrays(
  queues: Queues,
  round: Round,
  rows: readonly number[],
): Promise<number[]> {
  const states = await Promise.all(
    rows.map((row) => queues.createUser.getJobState(childId({ ...round, row }))),
  );
  const homeless = rows.filter((_, index) => states[index] === 'unknown');
  // A job that has just ended is in no set either, but it no longer exists.
  const jobs = await Promise.all(
    homeless.map((row) => queues.createUser.getJob(childId({ ...round, row }))),
  );
  await Promise.all(jobs.map((job) => job?.remove({ removeChildren: false })));
  return homeless.filter((_, index) => jobs[index] !== undefined);
}

function failedChild(row: number, job: Job): FailedChild {
  return {
    row,
    reason: job.failedReason || 'unknown reason',
    attempts: job.attemptsMade,
    isBare: job.parentKey === undefined,
    discard: () => job.remove({ removeChildren: false }),
    detach: () => job.removeChildDependency(),
  };
}

/**
 * Rows of about `count` children that the round's parent waits for. Cursor 0 begins, and 0 is
 * returned at the end. A row can come twice, as with SSCAN.
 */
export async function attachedRows(
  queues: Queues,
  round: Round,
  page: { cursor: number; count: number },
): Promise<{ rows: number[]; cursor: number }> {
  const parent = await queues.invite.getJob(parentId(round.batch, round.round));
  const found = await parent?.getDependencies({ unprocessed: page });
  const prefix = queues.createUser.toKey(`${parentId(round.batch, round.round)}.`);
  const rows = (found?.unprocessed ?? []).flatMap((key) => {
    const row = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
    return Number.isInteger(row) ? [row] : [];
  });
  return { rows, cursor: Number(found?.nextUnprocessedCursor ?? 0) };
}

/** Whether no create-user job of any batch waits, runs or is delayed. */
export async function isIdle(queues: Queues): Promise<boolean> {
  const counts = await queues.createUser.getJobCounts(
    'waiting',
    'active',
    'delayed',
    'prioritized',
  );
  return Object.values(counts).every((count) => count === 0);
}
