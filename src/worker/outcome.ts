import {
  DelayedError,
  type Job,
  RateLimitError,
  UnrecoverableError,
  WaitingChildrenError,
  WaitingError,
} from 'bullmq';
import type { HoldReason } from '../ledger/holds.ts';
import type { Doubt, RowOutcome } from '../ledger/rows.ts';
import type { Pressure } from './pressure.ts';

/** How one start of a job ended; the closed set that every handler answers with. */
export type Outcome =
  | { kind: 'completed'; result: string }
  /** Put back at the front, or after `delayMs`; no attempt is burned. */
  | { kind: 'again'; delayMs: number }
  /** The attempt failed; the next one comes after the backoff, and after `delayMs` at the earliest. */
  | { kind: 'retryable'; code: string; delayMs?: number }
  /** The portal asked for a pause: the queues wait, no attempt is burned. */
  | { kind: 'rate-limited'; limiter: string; waitMs: number }
  /** The portal cannot be reached: both queues wait, longer each time; no attempt is burned. */
  | { kind: 'outage'; code: string }
  /** A wait is in force already: the job goes back unworked. */
  | { kind: 'paused'; waitMs: number }
  /** Everything stops; the job goes back; no attempt is burned. */
  | { kind: 'held'; hold: HoldReason }
  /** Children were added to this parent. */
  | { kind: 'waiting-children' }
  /** Must not be retried. */
  | { kind: 'unrecoverable'; code: string };

/** What becomes of a row: a doubt is noted or cleared, or the row has come to its end. */
type RowChange =
  | { kind: 'note'; doubt: Doubt | undefined }
  | { kind: 'settle'; state: 'created' | 'existing' | 'failed' | 'cancelled'; outcome: RowOutcome };

/** What an answer of the portal leads to; without `row` the row stays as it is. */
export interface Reaction {
  row?: RowChange;
  outcome: Outcome;
}

/** A failed attempt whose next one must not come before `delayMs`. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;

  constructor(code: string, delayMs: number) {
    super(code);
    this.delayMs = delayMs;
  }
}

/**
 * Turns an outcome into what BullMQ understands: a value, or one of its errors. The only place
 * that knows those. Errors bear codes only, because the board and failed jobs show their text.
 */
export async function conclude(
  outcome: Outcome,
  context: { job: Job; token: string; pressure: Pressure },
): Promise<string> {
  const { job, token, pressure } = context;
  switch (outcome.kind) {
    case 'completed':
      return outcome.result;
    case 'retryable':
      throw withoutTrace(new RetryLater(outcome.code, outcome.delayMs ?? 0));
    case 'unrecoverable':
      throw withoutTrace(new UnrecoverableError(outcome.code));
    case 'rate-limited':
      await pressure.slowDown(outcome);
      throw new RateLimitError();
    case 'outage':
      await pressure.outage(outcome.code);
      throw new RateLimitError();
    case 'paused':
      await pressure.keepWaiting(job.queueName, outcome.waitMs);
      throw new RateLimitError();
    case 'held':
      await pressure.hold(outcome.hold);
      return putBack(job, token, 0);
    case 'again':
      return putBack(job, token, outcome.delayMs);
    case 'waiting-children':
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
      return putBack(job, token, 0);
  }
}

/** These errors are answers of the portal, no mistakes of ours: where they are made tells nobody anything. */
function withoutTrace(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

async function putBack(job: Job, token: string, delayMs: number): Promise<never> {
  if (delayMs > 0) {
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }
  await job.moveToWait(token);
  throw new WaitingError();
}
