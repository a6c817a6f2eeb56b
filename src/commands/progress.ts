import type { Writable } from 'node:stream';
import type { Report } from '../ledger/report.ts';
import type { Timings } from '../timings.ts';

const BAR_WIDTH = 24;
const RATE_OVER_MS = 10_000;

/** Where a batch stands and how fast it goes. */
export interface ProgressState {
  report: Report;
  /** Starts a second that the rate limit allows; Infinity without one. */
  allowedPerSecond: number;
  /** Jobs of all batches that are still to be worked. */
  backlog: number;
  /** What the queues wait for, in words. */
  waits: readonly string[];
  now: number;
}

export interface Progress {
  show(state: ProgressState): void;
  /** Leaves the line of the bar. */
  end(): void;
}

/** A bar on a terminal, plain lines elsewhere. */
export function createProgress(
  stream: Writable & { isTTY?: boolean },
  { plainLineMs }: Timings,
): Progress {
  const rateOf = createRate();
  let lastPlain = 0;
  let drawn = false;
  return {
    show(state) {
      const text = progressText(state, rateOf(state));
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${bar(state.report)} ${text}`);
        drawn = true;
      } else if (state.now - lastPlain >= plainLineMs) {
        stream.write(`${text}\n`);
        lastPlain = state.now;
      }
    },
    end() {
      if (drawn) stream.write('\n');
      drawn = false;
    },
  };
}

function settled(report: Report): number {
  return report.accepted - report.pending;
}

/** Rows settled a second over the last 10 s. */
function createRate(): (state: ProgressState) => number {
  const samples: { at: number; settled: number }[] = [];
  return ({ report, now }) => {
    samples.push({ at: now, settled: settled(report) });
    while (samples.length > 2 && now - (samples[0]?.at ?? now) > RATE_OVER_MS) samples.shift();
    const first = samples[0];
    if (first === undefined || now === first.at) return 0;
    return ((settled(report) - first.settled) * 1000) / (now - first.at);
  };
}

/** One line: share, counts, rate and time left. */
export function progressText(state: ProgressState, rate: number): string {
  const { report } = state;
  if (report.hold !== null) return `held: ${report.hold}`;
  if (report.state === 'intake') return `reading: ${report.total} rows`;
  const [wait] = state.waits;
  if (wait !== undefined) return `${settled(report)} of ${report.accepted}, waiting: ${wait}`;
  if (report.state === 'inviting') return `inviting ${report.created - report.invited} people`;
  const done = `${settled(report)} of ${report.accepted}`;
  const counts = `created ${report.created}, existing ${report.existing}, failed ${report.failed}`;
  return `${done} (${counts}), ${rate.toFixed(1)}/s, ${timeLeft(state, rate)}`;
}

/**
 * Seconds left from the backlog and the pace: what the limit allows, or what is reached when that is
 * less (slow answers); Infinity when neither is known. The backlog is the whole queue, because
 * batches are worked in turn.
 */
export function secondsLeft(
  {
    report,
    allowedPerSecond,
    backlog,
  }: Pick<ProgressState, 'report' | 'allowedPerSecond' | 'backlog'>,
  rate: number,
): number {
  const left = Math.max(report.pending, backlog);
  const pace = rate > 0 ? Math.min(rate, allowedPerSecond) : allowedPerSecond;
  if (left === 0) return 0;
  return Number.isFinite(pace) ? left / pace : Number.POSITIVE_INFINITY;
}

function timeLeft(state: ProgressState, rate: number): string {
  const seconds = secondsLeft(state, rate);
  if (seconds === 0) return 'almost done';
  return Number.isFinite(seconds) ? `${duration(seconds * 1000)} left` : 'time left unknown';
}

/** 75,000 ms is `1:15`, an hour more `1:01:15`. */
export function duration(ms: number): string {
  const total = Math.ceil(ms / 1000);
  const [hours, minutes, seconds] = [
    Math.floor(total / 3600),
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** How much of a batch is settled. */
export function bar(report: Report): string {
  const share = report.accepted === 0 ? 0 : settled(report) / report.accepted;
  const filled = Math.round(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]${percent}`;
}
