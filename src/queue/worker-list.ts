import type { Queues } from './queues.ts';
import { parseWorkerName, type WorkerName } from './worker-name.ts';

/** A connected worker process. `host`, `version` and `pid` are absent for one of an older version. */
export interface ConnectedWorker extends Partial<WorkerName> {
  /** Address of its connection, without the port. */
  address: string;
  /** Jobs that create people, in its hands now; undefined for one without a name. */
  jobs: number | undefined;
}

/** Active jobs that are counted, at most: the requests in flight of all workers are fewer. */
const MOST_ACTIVE = 1000;

/** The connected workers; undefined where Redis does not list its clients. */
export async function listWorkers({ createUser }: Queues): Promise<ConnectedWorker[] | undefined> {
  const [clients, jobs] = await Promise.all([
    createUser.getWorkers().catch((error: Error) => refusedList(error)),
    createUser.getJobs(['active'], 0, MOST_ACTIVE - 1),
  ]);
  if (clients === undefined || clients.some(({ rawname }) => rawname === undefined))
    return undefined;
  return clients.map(({ rawname = '', addr = '' }) => {
    const name = rawname.split(':w:')[1] ?? '';
    const known = parseWorkerName(name);
    const inHand = jobs.filter((job) => job?.processedBy === name).length;
    const address = addr.replace(/:\d+$/, '');
    return { ...known, address, jobs: known === undefined ? undefined : inHand };
  });
}

/** A user may be forbidden to list clients. */
function refusedList(error: Error): undefined {
  if (error.name !== 'ReplyError') throw error;
  return undefined;
}
