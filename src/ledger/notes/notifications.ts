import { BATCH_ID } from '../../batch-id.ts';
import { isOver, type OverState } from '../batch/batch-state.ts';
import { batchIds, readBatch } from '../batch/batches.ts';
import type { Ledger } from '../ledger.ts';
import { type Hold, readHold } from '../stops/holds.ts';

const events = ['finished', 'cancelled', 'held'] as const satisfies readonly (OverState | 'held')[];

/** Something that happened to a batch once. `at` is when, ms since the epoch. */
export interface Notification {
  batch: string;
  round: number;
  event: (typeof events)[number];
  at: number;
}

/** A pure function: what happened once has one id. The script that ends a round makes it too. */
function idOf({ batch, round, event, at }: Notification): string {
  return [batch, round, event, at].join('.');
}

const FORM = /^([^.]+)\.(\d{1,9})\.([a-z]+)\.(\d{1,15})$/;

/** The notification of an id; undefined for any other text. */
export function parseNotification(id: string): Notification | undefined {
  const [, batch = '', round, event, at] = FORM.exec(id) ?? [];
  const known = events.find((each) => each === event);
  if (known === undefined || !BATCH_ID.test(batch)) return undefined;
  return { batch, round: Number(round), event: known, at: Number(at) };
}

/** Ids of the notifications that are still to be queued. */
export async function unqueuedNotifications(ledger: Ledger): Promise<string[]> {
  return ledger.redis.smembers(ledger.keys.unqueued);
}

/** Notes that a notification is in the queue, or obsolete. */
export async function noteQueued(ledger: Ledger, id: string): Promise<void> {
  await ledger.redis.srem(ledger.keys.unqueued, id);
}

/** Stores what is sent; the first text stays, so that every attempt sends the same. */
export async function storeNotification(
  { keys, redis }: Ledger,
  { batch, id, body }: { batch: string; id: string; body: string },
): Promise<void> {
  await redis.hsetnx(keys.notifications(batch), id, body);
}

/** Address and body; undefined when the batch or its address no longer exists. */
export async function readNotification(
  { keys, redis }: Ledger,
  { batch, id }: { batch: string; id: string },
): Promise<{ url: string; body: string } | undefined> {
  const [url, body] = await Promise.all([
    redis.hget(keys.record(batch), 'notify'),
    redis.hget(keys.notifications(batch), id),
  ]);
  return url === null || body === null ? undefined : { url, body };
}

/** Batches read with one round trip. */
const PAGE = 500;

/** Notes the hold, once, for each unfinished batch with an address, also one submitted during it. */
export async function noteHeld(ledger: Ledger, hold: Hold): Promise<void> {
  const ids = await batchIds(ledger);
  for (let first = 0; first < ids.length; first += PAGE) {
    await Promise.all(ids.slice(first, first + PAGE).map((id) => noteHeldBatch(ledger, id, hold)));
  }
}

async function noteHeldBatch(ledger: Ledger, batch: string, hold: Hold): Promise<void> {
  const { keys, redis } = ledger;
  const [state, round, url] = await redis.hmget(keys.record(batch), 'state', 'round', 'notify');
  if (!state || isOver({ state }) || !url) return;
  const id = idOf({ batch, round: Number(round), event: 'held', at: hold.since });
  if ((await redis.hexists(keys.notifications(batch), id)) === 0) {
    await redis.sadd(keys.unqueued, id);
  }
}

/** Id of the notification that the batch is over, or held; undefined for neither or no address. */
export async function currentNotification(ledger: Ledger, id: string): Promise<string | undefined> {
  if ((await ledger.redis.hexists(ledger.keys.record(id), 'notify')) === 0) return undefined;
  const batch = await readBatch(ledger, id);
  const hold = await readHold(ledger);
  const about = { batch: id, round: batch.round };
  if (isOver(batch)) return idOf({ ...about, event: batch.state, at: batch.finishedAt ?? 0 });
  return hold && idOf({ ...about, event: 'held', at: hold.since });
}
