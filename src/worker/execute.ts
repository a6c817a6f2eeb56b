import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { z } from 'zod';
import { damageOf } from '../ledger/damaged.ts';
import type { Admission } from '../ledger/stops/waits.ts';
import type { Logger } from '../process/logger.ts';
import { storeTrouble } from '../redis/trouble.ts';
import { conclude } from './conclude.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { NotNow } from './limits/turns.ts';
import { type Outcome, putBack, retry, snooze } from './outcome.ts';

export interface JobKind<P extends { batch: string }, A extends Admission = Admission> {
  schema: z.ZodType<P>;
  /**
   * Asks whether a request may be sent now: jobs wait while the portal is down or asks us to slow
   * down.
   */
  admit: (deps: WorkerDeps, payload: P, attempt: Attempt) => Promise<A>;
  handle: (deps: WorkerDeps, payload: P, attempt: Attempt, admitted: A) => Promise<Outcome>;
}

/** Admits a job that sends no request. */
export const admitAtOnce = () => Promise.resolve({ waitMs: 0, isProbe: false });

/** Admits a job whose requests wait for their turn one by one. */
export const admitRequests = (deps: WorkerDeps, _: unknown, { queue, jobId }: Attempt) =>
  deps.pressure.admit(queue, jobId);

/** One start of a job. */
interface Run<P extends { batch: string }, A extends Admission> {
  deps: WorkerDeps;
  kind: JobKind<P, A>;
  job: Job;
  token: string;
  payload: P;
  attempt: Attempt;
}

/**
 * The straight line of every job: parse its payload, ask for admission, handle it, conclude.
 * Trouble of Redis is not about a person and burns no attempt (architecture, rule 5); it is given
 * to `complain`, because a person may have to end it.
 */
export function processorOf<P extends { batch: string }, A extends Admission>(
  deps: WorkerDeps,
  kind: JobKind<P, A>,
  complain: (error: Error) => void,
) {
  return async (job: Job, token = ''): Promise<string> => {
    const payload = parse(kind, job);
    const attempt = attemptOf(job, deps, payload.batch);
    const run = { deps, kind, job, token, payload, attempt };
    try {
      return await end(run, await work(run));
    } catch (error) {
      if (error instanceof NotNow) return await end(run, snooze()).catch(leaveStalled);
      const trouble = storeTrouble(error);
      const isDamage = trouble === undefined && damageOf(error) !== undefined;
      if (trouble === undefined && !isDamage) throw error;
      if (trouble === 'refuses' && error instanceof Error) complain(error);
      // Redis' own text can have any value of the damaged key, and the board shows it.
      const outcome = isDamage ? retry('ledger-damaged') : snooze(deps.timings.storePauseMs);
      return await end(run, outcome).catch(leaveStalled);
    }
  };
}

/** A payload that does not parse can never succeed and fails at once (architecture, rule 7). */
function parse<P extends { batch: string }>({ schema }: Pick<JobKind<P>, 'schema'>, job: Job): P {
  const payload = schema.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
  return payload.data;
}

async function work<P extends { batch: string }, A extends Admission>({
  deps,
  kind,
  payload,
  attempt,
}: Run<P, A>): Promise<Outcome> {
  const admitted = await kind.admit(deps, payload, attempt);
  const { waitMs, isProbe } = admitted;
  if (waitMs > 0) return putBack({ kind: 'keep-waiting', waitMs });
  try {
    return await kind.handle(deps, payload, attempt, admitted);
  } finally {
    if (isProbe) await deps.pressure.leave(attempt.jobId);
  }
}

function end<P extends { batch: string }, A extends Admission>(
  { deps, job, token, attempt }: Run<P, A>,
  outcome: Outcome,
): Promise<string> {
  if (deps.logger.isLevelEnabled('debug')) {
    attempt.logger.debug({ job: outcome.job, queues: outcome.queues?.kind }, 'job concluded');
  }
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
  const queue = job.queueName;
  const fields = { queue, batchId, jobId: job.id, attempt: number };
  let logger: Logger | undefined;
  return {
    queue,
    number,
    isLast: number >= (job.opts.attempts ?? 1),
    jobId: String(job.id),
    /** Made when it is used: for most people nothing is logged. */
    get logger() {
      logger ??= deps.logger.child(fields);
      return logger;
    },
  };
}
