import { type Job, UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import type { Attempt, WorkerDeps } from './deps.ts';
import { conclude, type Outcome } from './outcome.ts';

export interface JobKind<P extends { batch: string }> {
  schema: z.ZodType<P>;
  handle: (deps: WorkerDeps, payload: P, attempt: Attempt) => Promise<Outcome>;
  /** Its jobs ask the portal, and wait while that is out or wants a pause. */
  asksPortal: boolean;
}

/**
 * The straight line that every job goes: parse its payload, be admitted, handle it, conclude. A
 * payload that does not parse can never succeed and fails at once (architecture, rule 7).
 */
export function processorOf<P extends { batch: string }>(deps: WorkerDeps, kind: JobKind<P>) {
  return async (job: Job, token = ''): Promise<string> => {
    const payload = kind.schema.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
    const attempt = attemptOf(job, deps, payload.data.batch);
    const handle = () => kind.handle(deps, payload.data, attempt);
    const outcome = await (kind.asksPortal ? admitted(deps, job, handle) : handle());
    attempt.logger.debug({ outcome }, 'job concluded');
    return conclude(outcome, { job, token, pressure: deps.pressure });
  };
}

async function admitted(
  { pressure }: WorkerDeps,
  job: Job,
  handle: () => Promise<Outcome>,
): Promise<Outcome> {
  const token = String(job.id);
  const { waitMs, isProbe } = await pressure.admit(job.queueName, token);
  if (waitMs > 0) return { kind: 'paused', waitMs };
  try {
    return await handle();
  } finally {
    if (isProbe) await pressure.leave(token);
  }
}

function attemptOf(job: Job, deps: WorkerDeps, batchId: string): Attempt {
  const number = job.attemptsMade + 1;
  const isLast = number >= (job.opts.attempts ?? 1);
  const fields = { queue: job.queueName, batchId, jobId: job.id, attempt: number };
  return { number, isLast, logger: deps.logger.child(fields) };
}
