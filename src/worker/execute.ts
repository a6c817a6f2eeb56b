import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { z } from 'zod';
import { storeTrouble } from '../store-trouble.ts';
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
 * payload that does not parse can never succeed and fails at once (architecture, rule 7). Trouble of
 * Redis is not about a person and burns no attempt (rule 5).
 */
export function processorOf<P extends { batch: string }>(deps: WorkerDeps, kind: JobKind<P>) {
  return async (job: Job, token = ''): Promise<string> => {
    const payload = kind.schema.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
    const attempt = attemptOf(job, deps, payload.data.batch);
    const handle = () => kind.handle(deps, payload.data, attempt);
    const conclusion = (outcome: Outcome) => {
      attempt.logger.debug({ outcome }, 'job concluded');
      return conclude(outcome, { job, token, pressure: deps.pressure });
    };
    try {
      return await conclusion(await (kind.asksPortal ? admitted(deps, job, handle) : handle()));
    } catch (error) {
      if (storeTrouble(error) === undefined) throw error;
      const { storePauseMs: delayMs } = deps.timings;
      return await conclusion({ kind: 'again', delayMs }).catch(leaveStalled);
    }
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

/**
 * Not even the putting back is taken. BullMQ asks nothing of Redis for a WaitingError: the job stays
 * active, its lock runs out, and the stall check puts it back. While Redis takes no writes that
 * check is refused too, so an outage of any length counts as one stall.
 */
function leaveStalled(error: unknown): never {
  throw storeTrouble(error) === undefined ? error : new WaitingError();
}

function attemptOf(job: Job, deps: WorkerDeps, batchId: string): Attempt {
  const number = job.attemptsMade + 1;
  const isLast = number >= (job.opts.attempts ?? 1);
  const fields = { queue: job.queueName, batchId, jobId: job.id, attempt: number };
  return { number, isLast, jobId: String(job.id), logger: deps.logger.child(fields) };
}
