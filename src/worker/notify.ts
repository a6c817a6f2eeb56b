import { notificationBody } from '../batch/notification-body.ts';
import { reportOf } from '../ledger/batch/numbers.ts';
import {
  type Notification,
  parseNotification,
  readNotification,
} from '../ledger/notes/notifications.ts';
import { readHold } from '../ledger/stops/holds.ts';
import { isHookUrl } from '../loopback.ts';
import type { Delivery } from '../notify/notifier.ts';
import type { NotifyPayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { done, fail, type Outcome, retry } from './outcome.ts';

/** The address is not one that the configuration would accept. */
const REFUSED = 'address-refused';

/**
 * Sends one notification, unless it is about a hold that was lifted meanwhile. The address is a
 * secret, so only its host is logged; it is checked again, because a writer of Redis can change it.
 */
export async function notify(
  deps: WorkerDeps,
  { batch, notice: id }: NotifyPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const found = await readNotification(deps.ledger, { batch, id });
  const notification = parseNotification(id);
  if (found === undefined || notification?.batch !== batch) return done('nobody to notify');
  const hold = await holdOf(deps, notification);
  if (hold === 'lifted') return done('hold lifted');
  if (!isHookUrl(found.url)) {
    attempt.logger.error({ code: REFUSED }, 'notification given up');
    return fail(REFUSED);
  }
  const report = found.report ?? (await reportOf(deps.ledger, batch, notification.at));
  const body = notificationBody({ notification, report, hold });
  const delivery = await deps.notifier.send({ url: found.url, body, id });
  logDelivery(delivery, new URL(found.url).host, attempt);
  return outcomeOf(delivery);
}

/** The code of the hold that a notification is about, if it is about one. */
async function holdOf({ ledger }: WorkerDeps, { event, at }: Notification) {
  if (event !== 'held') return undefined;
  const hold = await readHold(ledger);
  return hold?.since === at ? hold.code : 'lifted';
}

function logDelivery(delivery: Delivery, host: string, { logger, isLast }: Attempt): void {
  if (delivery.kind === 'delivered') logger.info({ host }, 'notification delivered');
  else if (delivery.kind === 'refused' || isLast) {
    logger.error({ host, code: delivery.code }, 'notification given up');
  } else logger.warn({ host, code: delivery.code }, 'notification not delivered');
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
