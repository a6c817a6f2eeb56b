import { startsAllowed } from './pace.ts';
import type { Queues } from './queues.ts';

/** How much work the queue of creations has, and how fast it may be done. */
export interface Work {
  /** Starts a second that the queue's limit allows; Infinity without a limit. */
  allowedPerSecond: number;
  /** Jobs of all batches that are still to be worked. */
  backlog: number;
  /** Workers that are connected. */
  workers: number;
}

export async function readWork({ createUser }: Queues): Promise<Work> {
  const [limit, workers, counts] = await Promise.all([
    createUser.getGlobalRateLimit(),
    countWorkers(createUser),
    createUser.getJobCounts('waiting', 'active', 'delayed'),
  ]);
  const backlog = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { allowedPerSecond: startsAllowed(limit), backlog, workers };
}

/** 0 where the Redis does not list its clients. */
async function countWorkers(queue: Queues['createUser']): Promise<number> {
  return queue.getWorkersCount().catch(() => 0);
}
