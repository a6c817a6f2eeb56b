import { type Cause, causesOf } from '../ledger/causes.ts';
import { type Hold, readHold } from '../ledger/holds.ts';
import { ratePerSecond } from '../ledger/rate.ts';
import { reportOf } from '../ledger/report.ts';
import { glanceAt } from '../queue/glance.ts';
import type { LedgerStore } from './open-ledger.ts';
import { type ProgressState, secondsLeft } from './progress.ts';
import { holdFields } from './render.ts';
import { readWaits, type Wait } from './waits.ts';
import { isOver, isSettled } from './watch.ts';

/** One look at a batch, from whatever machine: all of it is in Redis. */
export interface Overview extends Omit<ProgressState, 'waits'> {
  /** The hold that stops this batch. */
  hold: Hold | undefined;
  waits: readonly Wait[];
  causes: readonly Cause[];
  ratePerSecond: number;
  /** Workers of the prefix that are connected. */
  workers: number;
}

/**
 * Reads everything that `status` and `watch` show of a batch, in a few hundred commands at most,
 * however many rows it has. `now` in ms.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function readOverview(
  { ledger }: Pick<LedgerStore, 'ledger'>,
  batch: string,
  now: number,
): Promise<Overview> {
  const report = await reportOf(ledger, batch, now);
  const since = Date.parse(report.startedAt);
  const [hold, waits, causes, rate, queue] = await Promise.all([
    readHold(ledger),
    readWaits(ledger, now),
    causesOf(ledger, batch),
    ratePerSecond(ledger, { id: batch, since }),
    glanceAt(ledger.redis, ledger.keys.prefix),
  ]);
  return {
    report,
    hold: report.hold === null ? undefined : hold,
    waits: isOver(report) ? [] : waits,
    causes,
    ratePerSecond: isOver(report) ? 0 : rate,
    ...queue,
    now,
  };
}

/** When the batch is over, waits included, in seconds; null when it stands still, or nobody knows. */
export function timeLeft(overview: Overview): number | null {
  const { report, waits, workers, now } = overview;
  if (isOver(report)) return 0;
  const isMoving = report.state === 'processing' || report.state === 'inviting';
  if (!isMoving || isSettled(report) || report.hold !== null || workers === 0) return null;
  const ends = waits.map(({ until }) => (until === null ? Number.NaN : Date.parse(until)));
  const waitMs = Math.max(0, ...ends.map((end) => end - now));
  const seconds = waitMs / 1000 + secondsLeft(overview, overview.ratePerSecond);
  return Number.isFinite(seconds) ? Math.round(seconds) : null;
}

/** The overview as `--json` tells it: the report's fields and what only a look can know. */
export function overviewFields(overview: Overview): object {
  const { report, hold, waits, causes, ratePerSecond: rate, workers } = overview;
  return {
    ...report,
    held: holdFields(hold),
    ratePerSecond: Math.round(rate * 100) / 100,
    secondsLeft: timeLeft(overview),
    workers,
    failures: causes,
    waits,
  };
}
