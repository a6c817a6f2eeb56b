import { setTimeout as pause } from 'node:timers/promises';
import { currentNotice } from '../ledger/notices.ts';
import { readNoticeState } from '../queue/notices.ts';
import type { Context } from './context.ts';
import type { Store } from './open.ts';

/**
 * Gives the notification of a batch that is over or held a moment, because the workers of `run` end with
 * it. Returns what to say when it is not delivered.
 */
export async function noticeLine(
  { io }: Context,
  { ledger, queues }: Store,
  batch: string,
): Promise<string> {
  const notice = await currentNotice(ledger, batch);
  if (notice === undefined) return '';
  const { notificationWaitMs, notificationPollMs } = io.timings;
  const until = performance.now() + notificationWaitMs;
  for (;;) {
    const { state, reason } = await readNoticeState(queues, notice);
    if (state === 'delivered') return '';
    if (state === 'given-up') return `the notification was refused (${reason}): see to --notify\n`;
    const isOver = performance.now() > until || io.interrupt.aborted;
    if (state === 'again-later' || isOver) return notDelivered(reason);
    await pause(notificationPollMs, undefined, { signal: io.interrupt }).catch(() => undefined);
  }
}

function notDelivered(reason: string): string {
  const why = reason === '' ? '' : ` (${reason})`;
  return `the notification is not delivered yet${why}: a worker goes on trying\n`;
}
