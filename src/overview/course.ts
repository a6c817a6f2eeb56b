import { numbersOf } from '../ledger/batch/numbers.ts';
import { roundTimes, type Sample, samplesOf } from '../ledger/batch/samples.ts';
import { redisNow } from '../ledger/ledger.ts';
import { type PastStop, pastStops } from '../ledger/stops/past-stops.ts';
import type { Readable } from './overview.ts';

/** A time in which nothing moved, clipped to that of the batch; `code` says why. */
interface Band {
  kind: PastStop['kind'];
  code: string;
  from: number;
  until: number;
  /** Whether it is in force still. */
  isOpen: boolean;
}

/** Progress of a batch over time. Times are ms of Redis' clock. */
export interface Course {
  /** Settled people over time, from the acceptance to the end or to now. */
  samples: Sample[];
  bands: Band[];
  rounds: { round: number; at: number }[];
}

/**
 * Reads the course of a batch, in six commands and 20 KB at most.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function readCourse(
  { ledger }: Pick<Readable, 'ledger'>,
  batchId: string,
): Promise<Course> {
  const now = await redisNow(ledger);
  const [{ batch, report }, samples, stops, later] = await Promise.all([
    numbersOf(ledger, batchId, { now }),
    samplesOf(ledger, batchId),
    pastStops(ledger),
    roundTimes(ledger, batchId),
  ]);
  const start = batch.acceptedAt;
  const end = Math.max(start, batch.finishedAt ?? now);
  const { created, existing, failed, cancelled } = report;
  return {
    samples: [
      { at: start, created: 0, existing: 0, failed: 0, cancelled: 0 },
      ...samples.filter(({ at }) => at >= start && at <= end),
      { at: end, created, existing, failed, cancelled },
    ],
    bands: stops.flatMap((stop) => bandOf(stop, { start, end, now })),
    rounds: [{ round: 1, at: start }, ...later],
  };
}

function bandOf(
  { kind, code, from, till }: PastStop,
  { start, end, now }: { start: number; end: number; now: number },
): Band[] {
  const until = Math.min(till ?? end, end);
  if (until < start || from > end) return [];
  const isOpen = end === now && (till === undefined || till > now);
  return [{ kind, code, from: Math.max(from, start), until, isOpen }];
}
