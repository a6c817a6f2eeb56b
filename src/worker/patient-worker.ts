import { setTimeout as pause } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import type { Logger } from '../logger.ts';
import { refusalOf, storeTrouble } from '../store-trouble.ts';

const REFUSED_PAUSE_MS = 1000;
const REPEAT_MS = 30_000;

/**
 * A worker that waits a second when Redis refuses to hand out a job. BullMQ asks again at once: a
 * Redis out of memory was asked 1,800 times a second.
 */
export class PatientWorker extends Worker {
  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      if (storeTrouble(error) === 'refuses') await pause(REFUSED_PAUSE_MS);
      throw error;
    }
  }
}

/**
 * Logs what workers report of Redis. A refusal is one sentence every 30 s, however often it is met;
 * of an error only the text, because ioredis hangs the whole command on it. `now` in ms.
 */
export function complaints(logger: Logger, now: () => number): (error: Error) => void {
  const saidAt = new Map<string, number>();
  return (error) => {
    const refusal = refusalOf(error);
    if (refusal === undefined) return logger.warn({ reason: error.message }, 'worker connection');
    if (now() - (saidAt.get(refusal) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
    saidAt.set(refusal, now());
    logger.warn({ refusal, reason: error.message }, 'redis refuses to work');
  };
}
