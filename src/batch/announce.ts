import { type Report, reportOf } from '../ledger/batch/numbers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  noteHeld,
  noteQueued,
  parseNotification,
  storeNotification,
  unqueuedNotifications,
} from '../ledger/notes/notifications.ts';
import { findBatch } from '../ledger/removal/retention.ts';
import { readHold } from '../ledger/stops/holds.ts';
import { addNotification } from '../queue/delivery-state.ts';
import type { Producer } from './producer.ts';

export type Parts = Pick<Producer, 'ledger' | 'queues'>;

/**
 * Queues every notification that the ledger has and the queue has not: the ends of batches and the
 * hold in force. A notification leaves the ledger's list only when its job exists, so a crash can
 * only send it twice, under the same id.
 */
export async function announce(parts: Parts): Promise<void> {
  const hold = await readHold(parts.ledger);
  if (hold !== undefined) await noteHeld(parts.ledger, hold);
  const ids = await unqueuedNotifications(parts.ledger);
  const ends = await Promise.allSettled(ids.map((id) => queueNotification(parts, id)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Announces without ever rejecting, because a notification must not affect its batch. The next
 * keeper run does what fails here, and logs its failure.
 */
export async function announceSoon(parts: Parts): Promise<void> {
  await announce(parts).catch(() => undefined);
}

async function queueNotification({ ledger, queues }: Parts, id: string): Promise<void> {
  const report = await currentReport(ledger, id);
  if (report !== undefined) {
    await storeNotification(ledger, { id, report });
    await addNotification(queues, { batch: report.batchId, notice: id });
  }
  await noteQueued(ledger, id);
}

/** Undefined when the notification is obsolete: the batch was purged, or the hold was lifted. */
async function currentReport(ledger: Ledger, id: string): Promise<Report | undefined> {
  const notification = parseNotification(id);
  if (notification === undefined) return undefined;
  const { event, batch, at } = notification;
  const hold = event === 'held' ? await readHold(ledger) : undefined;
  if (event === 'held' && hold?.since !== at) return undefined;
  if ((await findBatch(ledger, batch)) === undefined) return undefined;
  return reportOf(ledger, batch, at);
}
