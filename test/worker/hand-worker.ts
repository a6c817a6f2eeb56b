import { type Job, Worker } from 'bullmq';
import { CREATE_USER } from '../../src/queue/names.ts';
import { keptChildren } from '../../src/queue/options.ts';
import { onRelease } from '../support/resources.ts';
import type { Stage } from '../support/stage.ts';

/** Takes jobs out of a queue and keeps them active until the test moves them on. */
export interface HandWorker {
  token: string;
  /** The next waiting job. */
  take(): Promise<Job>;
}

/** BullMQ's worker without a processor. */
export function handWorker({ redis, queues }: Stage, queue = CREATE_USER): HandWorker {
  const token = 'by hand';
  const worker = new Worker(queue, null, {
    connection: redis,
    prefix: queues.prefix,
    skipStalledCheck: true,
    ...(queue === CREATE_USER && keptChildren(queues.failedJobsMs)),
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
