import {
  DelayedError,
  type Job,
  RateLimitError,
  UnrecoverableError,
  WaitingChildrenError,
  WaitingError,
} from 'bullmq';
import type { Outcome, QueueEffect } from './outcome.ts';
import type { Pressure } from './pressure/pressure.ts';

/** A failed attempt whose next one must not come before `delayMs`. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;

  constructor(code: string, delayMs: number) {
    super(code);
    this.delayMs = delayMs;
  }
}

/** The job that an outcome is about. */
export interface Concluding {
  job: Job;
  token: string;
  pressure: Pressure;
}

/**
 * Turns an outcome into what BullMQ understands: a value, or one of its errors. No other file knows
 * these errors. They have codes only, because the board and failed jobs show their text.
 */
export async function conclude(outcome: Outcome, context: Concluding): Promise<string> {
  const { job: end, queues } = outcome;
  const { job, token } = context;
  if (queues !== undefined) await affect(queues, context);
  switch (end.kind) {
    case 'done':
      return end.result;
    case 'retry':
      throw withoutTrace(new RetryLater(end.code, end.delayMs ?? 0));
    case 'fail':
      throw withoutTrace(new UnrecoverableError(end.code));
    case 'snooze':
      // BullMQ puts the job back itself and, unlike below, does not fetch the next one.
      if (queues !== undefined && queues.kind !== 'hold') throw new RateLimitError();
      return putBack(context, end.delayMs);
    case 'wait-for-children':
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
      return putBack(context, 0);
  }
}

async function affect(effect: QueueEffect, { job, pressure }: Concluding): Promise<void> {
  switch (effect.kind) {
    case 'slow-down':
      return pressure.slowDown(effect);
    case 'outage':
      return pressure.outage(effect.code);
    case 'keep-waiting':
      return pressure.keepWaiting(job.queueName, effect.waitMs);
    case 'hold':
      return pressure.hold(effect.hold);
  }
}

/** These errors are answers of the portal, not bugs, so their stack traces are useless. */
function withoutTrace(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

async function putBack({ job, token }: Concluding, delayMs: number): Promise<never> {
  if (delayMs > 0) {
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }
  await job.moveToWait(token);
  throw new WaitingError();
}
