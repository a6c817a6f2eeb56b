import type { JobsOptions } from 'bullmq';
import { BACKOFF_TYPE } from './backoff.ts';
import { childId, parentId, sealId } from './job-id.ts';
import { INVITE } from './names.ts';

const DAY_S = 86_400;
const YEAR_MS = 365 * DAY_S * 1000;

/** Failed children are for the board only: the ledger has their reasons. */
const MOST_FAILED = 10_000;

/** How long the board keeps failed jobs unless told otherwise. */
export const FAILED_JOBS_MS = 7 * DAY_S * 1000;

const BACKOFF = { type: BACKOFF_TYPE };

/**
 * Parent and seal have nobody to fail for: a parent that gave up would leave its batch unfinished
 * for good. Their handlers turn what cannot be mended into a hold instead.
 */
const ENDLESS = 1_000_000;

interface Round {
  batch: string;
  round: number;
}

/**
 * A create-user job. Completed children are removed at once: the ledger has them, and a kept one
 * costs 1.7 KB. Without `ignoreDependencyOnFailure` one failed child would hold the parent for
 * ever (bullmq.md, section 3).
 */
export function childOptions(
  ref: Round & { row: number },
  settings: { attempts: number; prefix: string; failedJobsMs: number },
): JobsOptions {
  return {
    jobId: childId(ref),
    attempts: settings.attempts,
    backoff: BACKOFF,
    removeOnComplete: true,
    removeOnFail: { count: MOST_FAILED, age: Math.ceil(settings.failedJobsMs / 1000) },
    ignoreDependencyOnFailure: true,
    stackTraceLimit: 1,
    parent: { id: parentId(ref.batch, ref.round), queue: `${settings.prefix}:${INVITE}` },
  };
}

/** With the waits of `Timings` (`notifyBackoffMs`) about a day. */
const NOTIFY_ATTEMPTS = 41;

/** A notification; its id keeps a second one from being added. */
export function noticeOptions(notice: string): JobsOptions {
  return {
    jobId: notice,
    attempts: NOTIFY_ATTEMPTS,
    backoff: BACKOFF,
    removeOnComplete: { age: 7 * DAY_S, count: 1000 },
    removeOnFail: { age: 7 * DAY_S, count: 1000 },
    stackTraceLimit: 1,
  };
}

/** The flow parent; kept when it failed all the same, because a person must see to it. */
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
 * The seal: years away, so that only the producer's promotion runs it, and kept when done, because
 * a producer that comes back must see that the round is sealed (bullmq.md, rule R5).
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
