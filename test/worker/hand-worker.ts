import { type Job, Worker } from 'bullmq';
import { CREATE_USER } from '../../src/queue/names.ts';
import { onRelease } from '../support/resources.ts';
import type { World } from '../support/world.ts';

/** Takes jobs out of a queue and keeps them active until the test moves them on. */
export interface HandWorker {
  token: string;
  /** The next waiting job. */
  take(): Promise<Job>;
}

/** BullMQ's worker without a processor. */
export function handWorker({ space, queues }: World, queue = CREATE_USER): HandWorker {
  const token = 'by hand';
  const worker = new Worker(queue, null, {
    connection: space.redis,
    prefix: queues.prefix,
    skipStalledCheck: true,
  });
  onRelease(() => worker.close());
  return {
    token,
    take: async () => {
      const job = await worker.getNextJob(token, { block: false });
      if (job === undefined) throw new Error(`no job waits in ${queue}`);
      return job;
    },
  };
}
