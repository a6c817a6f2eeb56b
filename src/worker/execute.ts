import { type Job, UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import type { Attempt, WorkerDeps } from './deps.ts';
import { conclude, type Outcome } from './outcome.ts';

export interface JobKind<P extends { batch: string }> {
  schema: z.ZodType<P>;
  handle: (deps: WorkerDeps, payload: P, attempt: Attempt) => Promise<Outcome>;
}

/**
 * The straight line that every job goes: parse its payload, handle it, conclude. A payload that
 * does not parse can never succeed and fails at once (architecture, rule 7).
 */
export function processorOf<P extends { batch: string }>(deps: WorkerDeps, kind: JobKind<P>) {
  return async (job: Job, token = ''): Promise<string> => {
    const payload = kind.schema.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
    const attempt = attemptOf(job, deps, payload.data.batch);
    const outcome = await kind.handle(deps, payload.data, attempt);
    attempt.logger.debug({ outcome }, 'job concluded');
    return conclude(outcome, { job, token, pressure: deps.pressure });
  };
}

function attemptOf(job: Job, deps: WorkerDeps, batchId: string): Attempt {
  const number = job.attemptsMade + 1;
  const isLast = number >= (job.opts.attempts ?? 1);
  const fields = { queue: job.queueName, batchId, jobId: job.id, attempt: number };
  return { number, isLast, logger: deps.logger.child(fields) };
}
