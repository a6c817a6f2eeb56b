import { countDeliveries } from '../queue/delivery-state.ts';
import type { Readable } from './overview.ts';

/** Notifications of the last seven days, of the newest 1,000 that ended. */
export type DeliveryCounts = Awaited<ReturnType<typeof readDeliveryCounts>>;

/** Reads how many notifications were sent, are on their way, and were given up, in one command. */
export function readDeliveryCounts({ queues }: Pick<Readable, 'queues'>) {
  return countDeliveries(queues);
}
