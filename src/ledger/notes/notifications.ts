import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { isOver, type OverState } from '../batch/batch-state.ts';
import { type Batch, batchIds, readBatch } from '../batch/batches.ts';
import type { Report } from '../batch/numbers.ts';
import { unlessDamaged } from '../damaged.ts';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { type Hold, readHold } from '../stops/holds.ts';
import { reportSchema } from './report-schema.ts';

const events = ['finished', 'cancelled', 'held', 'waiting'] as const satisfies readonly (
  | OverState
  | 'held'
  | 'waiting'
)[];

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

/** Stores the numbers of a notification; the first stay, so that every attempt sends the same. */
export async function storeNotification(
  { keys, redis }: Ledger,
  { id, report }: { id: string; report: Report },
): Promise<void> {
  await redis.hsetnx(keys.notifications(report.batchId), id, JSON.stringify({ report }));
}

const storedSchema = z.object({ report: reportSchema });

/**
 * Address and numbers; undefined when the batch or its address no longer exists. Of what is stored
 * only numbers, codes and times are read: the worker that signs the body makes its sentences.
 */
export async function readNotification(
  { keys, redis }: Ledger,
  { batch, id }: { batch: string; id: string },
): Promise<{ url: string; report: Report | undefined } | undefined> {
  const [url, stored] = await Promise.all([
    redis.hget(keys.record(batch), 'notify'),
    redis.hget(keys.notifications(batch), id),
  ]);
  if (url === null || stored === null) return undefined;
  const report = storedSchema.safeParse(parseJson(stored)).data?.report;
  return { url, report: report?.batchId === batch ? report : undefined };
}

/** Batches read with one round trip. */
const PAGE = 500;

/** Notes the hold, once, for each unfinished batch with an address, also one submitted during it. */
export async function noteHeld(ledger: Ledger, hold: Hold): Promise<void> {
  const ids = await batchIds(ledger);
  for (let first = 0; first < ids.length; first += PAGE) {
    const some = ids.slice(first, first + PAGE);
    await Promise.all(some.map((id) => unlessDamaged(noteHeldBatch(ledger, id, hold), undefined)));
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

/** Field of the record: when the batch began to wait for a person in a round, ms. */
const waitsSince = (round: number) => `waitsSince.${round}`;

/** Notes, once for each round, that the batch waits at a gate that a person opens. `now` in ms. */
export async function noteWaiting(ledger: Ledger, batch: Batch, now: number): Promise<void> {
  const { keys, redis } = ledger;
  const [record, field] = [keys.record(batch.id), waitsSince(batch.round)];
  if ((await redis.hexists(record, 'notify')) === 0) return;
  if ((await redis.hsetnx(record, field, Math.round(now))) === 0) return;
  const id = await waitingId(ledger, batch);
  if (id !== undefined) await redis.sadd(keys.unqueued, id);
}

async function waitingId({ keys, redis }: Ledger, batch: Batch): Promise<string | undefined> {
  const at = await redis.hget(keys.record(batch.id), waitsSince(batch.round));
  if (at === null) return undefined;
  return idOf({ batch: batch.id, round: batch.round, event: 'waiting', at: Number(at) });
}

/**
 * Id of the notification that the batch is over, held, or waits for a person; undefined for none of
 * them, or no address.
 */
export async function currentNotification(ledger: Ledger, id: string): Promise<string | undefined> {
  if ((await ledger.redis.hexists(ledger.keys.record(id), 'notify')) === 0) return undefined;
  const batch = await readBatch(ledger, id);
  const hold = await readHold(ledger);
  const about = { batch: id, round: batch.round };
  if (isOver(batch)) return idOf({ ...about, event: batch.state, at: batch.finishedAt ?? 0 });
  if (hold !== undefined) return idOf({ ...about, event: 'held', at: hold.since });
  return waitingId(ledger, batch);
}
