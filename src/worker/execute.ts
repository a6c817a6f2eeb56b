import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { z } from 'zod';
import { damageOf } from '../ledger/damaged.ts';
import type { Admission } from '../ledger/stops/waits.ts';
import type { Logger } from '../process/logger.ts';
import { storeTrouble } from '../redis/trouble.ts';
import { conclude } from './conclude.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { NotNow } from './limits/request-limits.ts';
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

/** One start of a job, from its payload to its end. */
interface Run<P extends { batch: string }, A extends Admission> {
  deps: WorkerDeps;
  kind: JobKind<P, A>;
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
export function processorOf<P extends { batch: string }, A extends Admission>(
  deps: WorkerDeps,
  kind: JobKind<P, A>,
  complain: (error: Error) => void,
) {
  return async (job: Job, token = ''): Promise<string> => {
    const run = parse({ deps, kind, job, token });
    try {
      return await end(await work(run));
    } catch (error) {
      if (error instanceof NotNow) return await end(run).catch(leaveStalled);
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
function parse<P extends { batch: string }, A extends Admission>(
  start: Pick<Run<P, A>, 'deps' | 'kind' | 'job' | 'token'>,
): Run<P, A> {
  const { deps, kind, job } = start;
  const payload = kind.schema.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError('E_PAYLOAD');
  const attempt = attemptOf(job, deps, payload.data.batch);
  return { ...start, payload: payload.data, attempt, outcome: snooze() };
}

async function work<P extends { batch: string }, A extends Admission>(
  run: Run<P, A>,
): Promise<Run<P, A>> {
  const { deps, kind, payload, attempt } = run;
  const admitted = await kind.admit(deps, payload, attempt);
  const { waitMs, isProbe } = admitted;
  if (waitMs > 0) return { ...run, outcome: putBack({ kind: 'keep-waiting', waitMs }) };
  try {
    return { ...run, outcome: await kind.handle(deps, payload, attempt, admitted) };
  } finally {
    if (isProbe) await deps.pressure.leave(attempt.jobId);
  }
}

async function end<P extends { batch: string }, A extends Admission>(
  run: Run<P, A>,
): Promise<string> {
  const { deps, job, token, attempt, outcome } = run;
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
