import { type LimitsInForce, readLimits } from '../ledger/limits/leases.ts';
import { withoutAddresses, withoutKeys } from '../privacy/redact.ts';
import {
  type JobFacts,
  type QueueName,
  queueNamed,
  queueNames,
  readJobFacts,
} from '../queue/job-facts.ts';
import { type ConnectedWorker, listWorkers } from '../queue/worker-list.ts';
import type { Readable } from './overview.ts';

/** Jobs of a queue by their states. */
interface QueueFact {
  name: QueueName;
  waiting: number;
  active: number;
  delayed: number;
  waitingChildren: number;
  /** Failed jobs of all rounds, while they stay: a person may have been created since. */
  failed: number;
  isPaused: boolean;
}

export interface QueueFacts {
  queues: QueueFact[];
  /** Limits of the requests of all workers; undefined before the first worker. */
  limits: LimitsInForce | undefined;
  /** Undefined where Redis does not list its clients. */
  workers: ConnectedWorker[] | undefined;
}

/** Reads the four queues and the workers, in about 15 commands sent together. */
export async function readQueueFacts({ ledger, queues }: Readable): Promise<QueueFacts> {
  const [facts, limits, workers] = await Promise.all([
    Promise.all(queueNames.map((name) => readQueue({ queues }, name))),
    readLimits(ledger),
    listWorkers(queues),
  ]);
  return { queues: facts, limits, workers };
}

async function readQueue(
  { queues }: Pick<Readable, 'queues'>,
  name: QueueName,
): Promise<QueueFact> {
  const queue = queueNamed(queues, name);
  const states = ['waiting', 'active', 'delayed', 'waiting-children', 'failed'] as const;
  const [counts, isPaused] = await Promise.all([queue.getJobCounts(...states), queue.isPaused()]);
  const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
  const waitingChildren = counts['waiting-children'] ?? 0;
  return { name, waiting, active, delayed, waitingChildren, failed, isPaused };
}

/** Reads a job by its id, without keys and addresses; undefined for another queue and without one. */
export async function readJob(
  { queues }: Pick<Readable, 'queues'>,
  queue: string,
  id: string,
): Promise<JobFacts | undefined> {
  const name = queueNames.find((known) => known === queue);
  const job = name === undefined ? undefined : await readJobFacts(queues, name, id);
  if (job?.failedReason === undefined) return job;
  return { ...job, failedReason: withoutAddresses(withoutKeys(job.failedReason, [])) };
}
