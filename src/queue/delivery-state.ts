import { NOTIFY } from './names.ts';
import { notificationOptions } from './options.ts';
import type { NotifyPayload } from './payloads.ts';
import type { Queues } from './queues.ts';

/** Failed jobs of notifications that stay (options.ts). */
const MOST_GIVEN_UP = 1000;

/** Adds the job that sends a notification. Nothing changes when the job exists, or existed. */
export async function addNotification(queues: Queues, payload: NotifyPayload): Promise<void> {
  await queues.notify.add(NOTIFY, payload, notificationOptions(payload.notice));
}

/** Ids of the batches with a notification that was given up, among the newest 1,000 such jobs. */
export async function givenUpNotifications(queues: Queues): Promise<Set<string>> {
  const ids = await queues.notify.getRanges(['failed'], 0, MOST_GIVEN_UP - 1);
  return new Set(ids.map((id) => id.split('.')[0] ?? ''));
}

/** Notifications by their ends, while their jobs stay (options.ts). */
export async function countDeliveries({ notify }: Queues) {
  const counts = await notify.getJobCounts('completed', 'failed', 'waiting', 'active', 'delayed');
  const { completed = 0, failed = 0, waiting = 0, active = 0, delayed = 0 } = counts;
  return { sent: completed, givenUp: failed, underWay: waiting + active + delayed };
}

/** State of a notification's job; `reason` is the code of its last failure. */
export interface DeliveryState {
  state: 'under-way' | 'delivered' | 'again-later' | 'given-up';
  reason: string;
}

/** Reads the state of a notification's job; a job that is not added yet counts as under way. */
export async function readDeliveryState(queues: Queues, id: string): Promise<DeliveryState> {
  // The state comes first: a job that fails in between has its reason by then.
  const state = await queues.notify.getJobState(id);
  const reason = (await queues.notify.getJob(id))?.failedReason ?? '';
  switch (state) {
    case 'completed':
      return { state: 'delivered', reason };
    case 'delayed':
      return { state: 'again-later', reason };
    case 'failed':
      return { state: 'given-up', reason };
    default:
      return { state: 'under-way', reason };
  }
}
