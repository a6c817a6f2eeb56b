import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { z } from 'zod';
import { damageOf } from '../ledger/damaged.ts';
import { storeTrouble } from '../redis/trouble.ts';
import { conclude } from './conclude.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { type Outcome, putBack, retry, snooze } from './outcome.ts';

export interface JobKind<P extends { batch: string }> {
  schema: z.ZodType<P>;
  handle: (deps: WorkerDeps, payload: P, attempt: Attempt) => Promise<Outcome>;
  /** Its jobs send requests, and wait while the portal is down or asks us to slow down. */
  asksPortal: boolean;
}

/** One start of a job, from its payload to its end. */
interface Run<P extends { batch: string }> {
  deps: WorkerDeps;
  kind: JobKind<P>;
  job: Job;
  token: string;
  payload: P;
  attempt: Attempt;
  outcome: Outcome;
}

/**
 * The straight line of every job: parse its payload, ask for admission, handle it, conclude.
 * Trouble of Redis is not about a person and burns no attempt (architecture, rule 5); it is given
 * to `complain`, because a person may have to end it.
 */
export function processorOf<P extends { batch: string }>(
  deps: WorkerDeps,
  kind: JobKind<P>,
  complain: (error: Error) => void,
) {
  return async (job: Job, token = ''): Promise<string> => {
    const run = parse({ deps, kind, job, token });
    try {
      const admitted = await askAdmission(run);
      const handled = await handle(admitted);
      return await end(handled);
    } catch (error) {
      const trouble = storeTrouble(error);
      const isDamage = trouble === undefined && damageOf(error) !== undefined;
      if (trouble === undefined && !isDamage) throw error;
      if (trouble === 'refuses' && error instanceof Error) complain(error);
      // Redis' own text can have any value of the damaged key, and the board shows it.
      const outcome = isDamage ? retry('ledger-damaged') : snooze(deps.timings.storePauseMs);
      return await end({ ...run, outcome }).catch(leaveStalled);
    }
  };
}

/** A payload that does not parse can never succeed and fails at once (architecture, rule 7). */
function parse<P extends { batch: string }>(
  start: Pick<Run<P>, 'deps' | 'kind' | 'job' | 'token'>,
): Run<P> {
  const { deps, kind, job } = start;
  const payload = kind.schema.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
  const attempt = attemptOf(job, deps, payload.data.batch);
  return { ...start, payload: payload.data, attempt, outcome: snooze() };
}

interface Admitted<P extends { batch: string }> extends Run<P> {
  waitMs: number;
  isProbe: boolean;
}

async function askAdmission<P extends { batch: string }>(run: Run<P>): Promise<Admitted<P>> {
  const { deps, kind, job, attempt } = run;
  if (!kind.asksPortal) return { ...run, waitMs: 0, isProbe: false };
  return { ...run, ...(await deps.pressure.admit(job.queueName, attempt.jobId)) };
}

async function handle<P extends { batch: string }>(run: Admitted<P>): Promise<Run<P>> {
  const { deps, kind, payload, attempt, waitMs, isProbe } = run;
  if (waitMs > 0) return { ...run, outcome: putBack({ kind: 'keep-waiting', waitMs }) };
  try {
    return { ...run, outcome: await kind.handle(deps, payload, attempt) };
  } finally {
    if (isProbe) await deps.pressure.leave(attempt.jobId);
  }
}

async function end<P extends { batch: string }>(run: Run<P>): Promise<string> {
  const { deps, job, token, attempt, outcome } = run;
  attempt.logger.debug({ job: outcome.job, queues: outcome.queues?.kind }, 'job concluded');
  return conclude(outcome, { job, token, pressure: deps.pressure });
}

/**
 * Redis refuses even the re-queue. BullMQ sends nothing to Redis for a WaitingError: the job stays
 * active, its lock expires, and the stall check puts it back. While Redis takes no writes that
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
