import type { Doubt } from '../ledger/rows/row-codec.ts';
import type { RowEnd } from '../ledger/rows/rows.ts';
import type { HoldReason } from '../stops.ts';

/** The end of one start of a job. */
export type JobEnd =
  | { kind: 'done'; result: string }
  /**
   * The attempt failed; the next one comes after the backoff, and after `delayMs` at the earliest.
   */
  | { kind: 'retry'; code: string; delayMs?: number | undefined }
  /** Must not be retried. */
  | { kind: 'fail'; code: string }
  /** Back to the front of the queue, or after `delayMs`; burns no attempt. */
  | { kind: 'snooze'; delayMs: number }
  /** Children were added to this parent. */
  | { kind: 'wait-for-children' };

/** The effect of one start on the queues, for all workers at once. */
export type QueueEffect =
  /** The portal asked for a wait. */
  | { kind: 'slow-down'; limiter: string; waitMs: number; limit?: number | undefined }
  /** The portal cannot be reached: both queues wait, longer each time. */
  | { kind: 'outage'; code: string }
  /** A wait is in force already, and the job was not worked. */
  | { kind: 'keep-waiting'; waitMs: number }
  /** Everything stops. */
  | { kind: 'hold'; hold: HoldReason };

/** How one start of a job ended; every handler answers with one. */
export interface Outcome {
  job: JobEnd;
  queues?: QueueEffect;
}

/** The change of a row: a doubt is noted or cleared, or the row is settled. */
type RowChange = { kind: 'note'; doubt: Doubt | undefined } | ({ kind: 'settle' } & RowEnd);

/** The consequence of an answer of the portal; without `row` the row stays as it is. */
export interface Reaction {
  row?: RowChange;
  outcome: Outcome;
}

export function done(result: string): Outcome {
  return { job: { kind: 'done', result } };
}

export function retry(code: string, delayMs?: number): Outcome {
  return { job: { kind: 'retry', code, delayMs } };
}

export function fail(code: string): Outcome {
  return { job: { kind: 'fail', code } };
}

export function snooze(delayMs = 0): Outcome {
  return { job: { kind: 'snooze', delayMs } };
}

export const waitForChildren: Outcome = { job: { kind: 'wait-for-children' } };

/** The job goes back without an attempt, and the queues react. */
export function putBack(queues: QueueEffect): Outcome {
  return { job: { kind: 'snooze', delayMs: 0 }, queues };
}

export function held(hold: HoldReason): Outcome {
  return putBack({ kind: 'hold', hold });
}
