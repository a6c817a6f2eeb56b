import { NOTIFY } from './names.ts';
import { noticeOptions } from './options.ts';
import type { NotifyPayload } from './payloads.ts';
import type { Queues } from './queues.ts';

/** Adds the job that sends a notice. Nothing changes when it is, or was, there already. */
export async function addNotice(queues: Queues, payload: NotifyPayload): Promise<void> {
  await queues.notify.add(NOTIFY, payload, noticeOptions(payload.notice));
}

/** How the job of a notice stands; `reason` is the code of its last failure. */
export interface NoticeState {
  state: 'under-way' | 'delivered' | 'again-later' | 'given-up';
  reason: string;
}

/** Looks at the job of a notice; one that is not added yet is under way. */
export async function readNoticeState(queues: Queues, notice: string): Promise<NoticeState> {
  const job = await queues.notify.getJob(notice);
  const reason = job?.failedReason ?? '';
  switch (await job?.getState()) {
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
