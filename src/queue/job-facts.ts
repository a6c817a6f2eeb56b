import type { Job, JobState, Queue } from 'bullmq';
import { z } from 'zod';
import { CREATE_USER, INVITE, NOTIFY, SEAL } from './names.ts';
import type { Queues } from './queues.ts';

export const queueNames = [CREATE_USER, INVITE, SEAL, NOTIFY] as const;
export type QueueName = (typeof queueNames)[number];

/** The queue of a name, which is also the name of its jobs. */
export function queueNamed(queues: Queues, name: QueueName) {
  const all = {
    [CREATE_USER]: queues.createUser,
    [INVITE]: queues.invite,
    [SEAL]: queues.seal,
    [NOTIFY]: queues.notify,
  };
  return all[name];
}

/** Ids of jobs have a full stop, keys of a queue have none: no id may lead to such a key. */
const ID = /^[\w-]{1,80}(?:\.[\w-]{1,40}){1,4}$/;

/** The keys of a payload, and no other value that somebody may have stored there. */
const dataSchema = z
  .object({
    batch: z.string().optional().catch(undefined),
    round: z.number().optional().catch(undefined),
    row: z.number().optional().catch(undefined),
    sealed: z.boolean().optional().catch(undefined),
    expected: z.number().optional().catch(undefined),
  })
  .catch({});

/** A job as BullMQ has it; times are ms since the epoch. */
export type JobFacts = NonNullable<Awaited<ReturnType<typeof readJobFacts>>>;

/** BullMQ looks for a job in all of those that wait: 20 ms of Redis for 1,000,000. */
const MOST_SEARCHED = 10_000;

/**
 * State of a job. In a queue where many jobs wait, one in no other place is taken for one of them:
 * create-user is the only such queue, and a completed job of it is removed at once. The places are
 * asked in one trip; active comes first, because a job leaves it for the others.
 */
async function stateOf(queue: Queue, job: Job): Promise<JobState | 'unknown'> {
  if ((await queue.getWaitingCount()) <= MOST_SEARCHED) return job.getState();
  const places = ['active', 'delayed', 'failed'] as const;
  const isIn = await Promise.all([job.isActive(), job.isDelayed(), job.isFailed()]);
  return places.find((_, index) => isIn[index]) ?? 'waiting';
}

/** Reads a job; undefined when the queue has none with this id. */
export async function readJobFacts(queues: Queues, name: QueueName, id: string) {
  if (!ID.test(id)) return undefined;
  const queue: Queue = queueNamed(queues, name);
  const job: Job | undefined = await queue.getJob(id);
  if (job === undefined) return undefined;
  return {
    queue: name,
    id,
    state: await stateOf(queue, job),
    attemptsMade: job.attemptsMade,
    /** Attempts that the job has; a million for jobs that never give up. */
    attempts: job.opts.attempts ?? 1,
    addedAt: job.timestamp,
    startedAt: job.processedOn,
    finishedAt: job.finishedOn,
    /** How long it was put back last, ms. */
    delayMs: job.delay,
    /** Text of BullMQ or a code of ours. */
    failedReason: job.failedReason,
    data: dataSchema.parse(job.data),
    /** Name of the worker that has or had it. */
    worker: job.processedBy,
  };
}
