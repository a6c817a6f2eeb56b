import { NOTIFY } from './names.ts';
import { notificationOptions } from './options.ts';
import type { NotifyPayload } from './payloads.ts';
import type { Queues } from './queues.ts';

/** Adds the job that sends a notification. Nothing changes when the job exists, or existed. */
export async function addNotification(queues: Queues, payload: NotifyPayload): Promise<void> {
  await queues.notify.add(NOTIFY, payload, notificationOptions(payload.notice));
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
