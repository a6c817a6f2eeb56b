import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import type { Logger } from '../process/logger.ts';
import { refusalOf, storeTrouble } from '../redis/trouble.ts';
import type { Timings } from '../timings.ts';

/** BullMQ's options, and how long to wait after a refusal. */
export type PatientOptions = WorkerOptions & Pick<Timings, 'refusedPauseMs'>;

/**
 * A worker that waits when Redis refuses to hand out a job. BullMQ asks again at once: a Redis out
 * of memory was asked 1,800 times a second.
 */
export class PatientWorker extends Worker {
  declare opts: PatientOptions;

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      if (storeTrouble(error) === 'refuses') await sleep(this.opts.refusedPauseMs);
      throw error;
    }
  }
}

/**
 * Logs what workers report about Redis: a refusal once for each `complaintRepeatMs`, and of an
 * error the text alone, because ioredis attaches the whole command to it. `now` is ms.
 */
export function complaints(
  { logger, timings }: { logger: Logger; timings: Timings },
  now: () => number,
): (error: Error) => void {
  const loggedAt = new Map<string, number>();
  return (error) => {
    const refusal = refusalOf(error);
    if (refusal === undefined) return logger.warn({ reason: error.message }, 'worker connection');
    if (now() - (loggedAt.get(refusal) ?? Number.NEGATIVE_INFINITY) < timings.complaintRepeatMs)
      return;
    loggedAt.set(refusal, now());
    logger.warn({ refusal, reason: error.message }, 'redis refuses to work');
  };
}
