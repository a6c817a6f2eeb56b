import { setTimeout as sleep } from 'node:timers/promises';
import { currentNotification } from '../../ledger/notes/notifications.ts';
import { line } from '../../printable.ts';
import { readDeliveryState } from '../../queue/delivery-state.ts';
import type { Context } from '../context.ts';
import type { Store } from '../open/store.ts';

/**
 * Gives the notification of a batch that is over or held a moment, because the workers of `run` end
 * with the command. Returns a line when it is not delivered.
 */
export async function deliveryLine(
  { io }: Context,
  { ledger, queues }: Store,
  batch: string,
): Promise<string> {
  const id = await currentNotification(ledger, batch);
  if (id === undefined) return '';
  const { notificationWaitMs, notificationPollMs } = io.timings;
  const until = performance.now() + notificationWaitMs;
  for (;;) {
    const { state, reason } = await readDeliveryState(queues, id);
    if (state === 'delivered') return '';
    if (state === 'given-up') {
      return `${line`the notification was refused (${reason}): check --notify`}\n`;
    }
    const isOver = performance.now() > until || io.interrupt.aborted;
    if (state === 'again-later' || isOver) return notDelivered(reason);
    await sleep(notificationPollMs, undefined, { signal: io.interrupt }).catch(() => undefined);
  }
}

function notDelivered(reason: string): string {
  const why = reason === '' ? '' : line` (${reason})`;
  return `the notification is not delivered yet${why}: a worker keeps trying\n`;
}
