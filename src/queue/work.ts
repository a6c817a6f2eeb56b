import type { Queues } from './queues.ts';

/** How much work the queue of creations has. */
export interface Work {
  /** Jobs of all batches that are still to be worked. */
  backlog: number;
  /** Workers that are connected. */
  workers: number;
}

export async function readWork({ createUser }: Queues): Promise<Work> {
  const [workers, counts] = await Promise.all([
    countWorkers(createUser),
    createUser.getJobCounts('waiting', 'active', 'delayed'),
  ]);
  const backlog = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { backlog, workers };
}

/** 0 where the Redis does not list its clients. */
async function countWorkers(queue: Queues['createUser']): Promise<number> {
  return queue.getWorkersCount().catch(() => 0);
}
