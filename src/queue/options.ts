import type { JobsOptions, WorkerOptions } from 'bullmq';
import { BACKOFF_TYPE } from './backoff.ts';
import { childId, parentId, type Round, sealId } from './job-id.ts';
import { INVITE } from './names.ts';

const DAY_S = 86_400;
const YEAR_MS = 365 * DAY_S * 1000;

/** Failed children that stay for the board; the ledger has their reasons. */
const MOST_FAILED = 10_000;

/** How long failed jobs stay on the board by default. */
export const FAILED_JOBS_MS = 7 * DAY_S * 1000;

const BACKOFF = { type: BACKOFF_TYPE };

/**
 * Attempts of parent and seal. A parent that gave up would leave its batch unfinished permanently,
 * so its handler sets a hold instead.
 */
const ENDLESS = 1_000_000;

/**
 * Which create-user jobs stay when they end: completed ones are removed at once, since the ledger has
 * them and a job that stays costs 1.7 KB. Their worker has this, because in each job it would take
 * space, and time whenever the job is read.
 */
export function keptChildren(
  failedJobsMs: number,
): Pick<WorkerOptions, 'removeOnComplete' | 'removeOnFail'> {
  const age = Math.ceil(failedJobsMs / 1000);
  return { removeOnComplete: { count: 0 }, removeOnFail: { count: MOST_FAILED, age } };
}

/**
 * A create-user job. Without `ignoreDependencyOnFailure` one failed child would keep the parent
 * waiting forever (B-FLOW-08).
 */
export function childOptions(
  ref: Round & { row: number },
  settings: { attempts: number; prefix: string },
): JobsOptions {
  return {
    jobId: childId(ref),
    attempts: settings.attempts,
    backoff: BACKOFF,
    ignoreDependencyOnFailure: true,
    stackTraceLimit: 1,
    parent: { id: parentId(ref.batch, ref.round), queue: `${settings.prefix}:${INVITE}` },
  };
}

/** Attempts of about a day, with the backoff of `Timings` (`notifyBackoffMs`). */
const NOTIFY_ATTEMPTS = 41;

/** A notification; its id prevents a second job for it. */
export function notificationOptions(id: string): JobsOptions {
  return {
    jobId: id,
    attempts: NOTIFY_ATTEMPTS,
    backoff: BACKOFF,
    removeOnComplete: { age: 7 * DAY_S, count: 1000 },
    removeOnFail: { age: 7 * DAY_S, count: 1000 },
    stackTraceLimit: 1,
  };
}

/** The flow parent. A parent that failed anyway stays, because a person must act. */
export function parentOptions(round: Round): JobsOptions {
  return {
    jobId: parentId(round.batch, round.round),
    attempts: ENDLESS,
    backoff: BACKOFF,
    removeOnComplete: { age: 7 * DAY_S, count: 1000 },
    removeOnFail: false,
  };
}

/**
 * The seal. It is delayed for years, so that only the producer's promotion runs it, and stays when
 * completed, because a producer that comes back must see that the round is sealed (B-FLOW-06).
 */
export function sealOptions(round: Round): JobsOptions {
  return {
    jobId: sealId(round.batch, round.round),
    delay: 10 * YEAR_MS,
    attempts: ENDLESS,
    backoff: BACKOFF,
    ignoreDependencyOnFailure: true,
    removeOnComplete: { age: 8 * DAY_S, count: 1000 },
    removeOnFail: false,
  };
}
