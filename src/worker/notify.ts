import { parseNotification, readNotification } from '../ledger/notes/notifications.ts';
import { readHold } from '../ledger/stops/holds.ts';
import type { Delivery } from '../notify/notifier.ts';
import type { NotifyPayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { done, fail, type Outcome, retry } from './outcome.ts';

/**
 * Sends one notification, unless it is about a hold that was lifted meanwhile. The address is a
 * secret, so only its host is logged.
 */
export async function notify(
  deps: WorkerDeps,
  { batch, notice: id }: NotifyPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const found = await readNotification(deps.ledger, { batch, id });
  if (found === undefined) return done('nobody to notify');
  if (!(await isStillTrue(deps, id))) return done('hold lifted');
  const delivery = await deps.notifier.send({ ...found, id });
  logDelivery(delivery, new URL(found.url).host, attempt);
  return outcomeOf(delivery);
}

function logDelivery(delivery: Delivery, host: string, { logger, isLast }: Attempt): void {
  if (delivery.kind === 'delivered') logger.info({ host }, 'notification delivered');
  else if (delivery.kind === 'refused' || isLast) {
    logger.error({ host, code: delivery.code }, 'notification given up');
  } else logger.warn({ host, code: delivery.code }, 'notification not delivered');
}

async function isStillTrue({ ledger }: WorkerDeps, id: string): Promise<boolean> {
  const notification = parseNotification(id);
  if (notification?.event !== 'held') return true;
  return (await readHold(ledger))?.since === notification.at;
}

function outcomeOf(delivery: Delivery): Outcome {
  switch (delivery.kind) {
    case 'delivered':
      return done('delivered');
    case 'refused':
      return fail(delivery.code);
    case 'not-delivered':
      return retry(delivery.code, delivery.waitMs);
  }
}
