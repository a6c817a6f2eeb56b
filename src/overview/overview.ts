import { DAY_MS } from '../durations.ts';
import { readRemarks } from '../ledger/batch/batch-remarks.ts';
import { isMoving, isOver, isSettled } from '../ledger/batch/batch-state.ts';
import { numbersOf } from '../ledger/batch/numbers.ts';
import { ratePerSecond } from '../ledger/batch/rate.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readLimits } from '../ledger/limits/leases.ts';
import { type Cause, rejectionsOf, withExamples } from '../ledger/rows/causes.ts';
import { perSecondOf, WRITES_PER_DAY } from '../queue/pace.ts';
import type { Queues } from '../queue/queues.ts';
import { readWork } from '../queue/work.ts';
import { currentWaits } from './current-waits.ts';

const DAY_S = DAY_MS / 1000;

/** Everything about a batch at one moment, read from Redis on any machine. */
export type Overview = Awaited<ReturnType<typeof readOverview>> & {
  /** Why rows were rejected, the most frequent reason first; only with `withRejections`. */
  rejections?: readonly Cause[] | undefined;
};

export interface Readable {
  ledger: Ledger;
  queues: Queues;
}

/**
 * Reads everything that is shown of a batch, in about 20 commands and two for each reason. State and
 * counts are of one moment. `now` in ms.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function readOverview({ ledger, queues }: Readable, batch: string, now: number) {
  const { batch: options, report, hold, causes: counts } = await numbersOf(ledger, batch, { now });
  const since = Date.parse(report.startedAt);
  const [waits, causes, rate, work, remarks, limits] = await Promise.all([
    currentWaits(ledger, now),
    withExamples(ledger, batch, counts),
    ratePerSecond(ledger, { id: batch, since }),
    readWork(queues),
    readRemarks(ledger, batch),
    readLimits(ledger),
  ]);
  return {
    report,
    /** When the invite is sent at the earliest, ms; undefined without such a time. */
    inviteAt: options.inviteReleased ? undefined : options.inviteAt,
    /** Numbers and words of the portal about the gate in force. */
    gateDetail: report.gate === null ? undefined : options.stuck?.detail,
    /** The hold that stops this batch. */
    hold: report.hold === null ? undefined : hold,
    /** Waits of the queues while the batch is unfinished. */
    waits: isOver(report) ? [] : waits,
    /** Sentences about the list. */
    remarks,
    /** Why people failed, the most frequent reason first: they add up to `report.failed`. */
    causes,
    /** Rows settled a second over the last two minutes. */
    ratePerSecond: isOver(report) ? 0 : rate,
    ...work,
    /** Limits of the requests of all workers; undefined before the first of them. */
    limits,
    /** Requests a second that they allow; Infinity without a limit. */
    allowedPerSecond: perSecondOf(limits?.perMinute ?? 0),
    /** ms */
    now,
  };
}

/** Adds why rows were rejected, which reads each of them: too much for a view that is repeated. */
export async function withRejections(ledger: Ledger, overview: Overview): Promise<Overview> {
  const { batchId, rejected } = overview.report;
  return { ...overview, rejections: rejected === 0 ? [] : await rejectionsOf(ledger, batchId) };
}

/** Seconds until the batch is over, waits included; null when it stands still, or nobody knows. */
export function secondsLeft(overview: Overview): number | null {
  const { report, waits, workers, now } = overview;
  if (isOver(report)) return 0;
  if (!isMoving(report) || isSettled(report) || report.hold !== null || workers === 0) return null;
  if (waits.some(({ kind }) => kind === 'outage')) return null;
  const ends = waits.map((wait) => (wait.kind === 'requested' ? wait.until - now : 0));
  const seconds = Math.max(0, ...ends) / 1000 + workSeconds(overview);
  return Number.isFinite(seconds) ? Math.round(seconds) : null;
}

/**
 * Days that a limit of 10,000 writes a day makes of the work that is left; null where the present
 * rate takes longer, or nothing is known of it.
 */
export function daysOfWrites(overview: Overview): number | null {
  const seconds = secondsLeft(overview);
  const left = Math.max(overview.report.pending, overview.backlog);
  const days = Math.ceil(left / WRITES_PER_DAY);
  return seconds === null || days < 2 || days * DAY_S < seconds ? null : days;
}

/**
 * Seconds for the whole queue, because batches are worked in turn, at the present pace: what the
 * limit allows, or less when answers are slow. Infinity when neither is known.
 */
function workSeconds({ report, backlog, ratePerSecond: rate, allowedPerSecond }: Overview): number {
  const left = Math.max(report.pending, backlog);
  if (left === 0) return 0;
  const pace = rate > 0 ? Math.min(rate, allowedPerSecond) : allowedPerSecond;
  return Number.isFinite(pace) ? left / pace : Number.POSITIVE_INFINITY;
}
