import { type Batch, batchIds, batchStates, readBatch } from './batches.ts';
import { type Hold, readHold } from './holds.ts';
import type { Ledger } from './ledger.ts';

/** What somebody outside is told of a batch. */
const noticeEvents = ['finished', 'cancelled', 'held'] as const;
type NoticeEvent = (typeof noticeEvents)[number];

/** Something that happened to a batch once. `at` is when, ms since the epoch. */
export interface Notice {
  batch: string;
  round: number;
  event: NoticeEvent;
  at: number;
}

/**
 * A pure function of the notice, so that what happened once is told as one thing, however often it is
 * found. The script that ends a round makes the same.
 */
function noticeId({ batch, round, event, at }: Notice): string {
  return [batch, round, event, at].join('.');
}

/** The notice of an id; undefined for a text that is none. */
export function parseNotice(id: string): Notice | undefined {
  const [batch = '', round, event, at] = id.split('.');
  const known = noticeEvents.find((each) => each === event);
  if (known === undefined) return undefined;
  return { batch, round: Number(round), event: known, at: Number(at) };
}

/** Ids of the notices that are still to be queued. */
export async function untoldNotices(ledger: Ledger): Promise<string[]> {
  return ledger.redis.smembers(ledger.keys.untold);
}

/** The notice is with the queue, or there is nobody to tell any more. */
export async function noteQueued(ledger: Ledger, id: string): Promise<void> {
  await ledger.redis.srem(ledger.keys.untold, id);
}

/** Keeps what is sent for a notice; the first text stays, so that every attempt sends the same. */
export async function keepNotice(
  ledger: Ledger,
  { batch, id, body }: { batch: string; id: string; body: string },
): Promise<void> {
  await ledger.redis.hsetnx(ledger.keys.notices(batch), id, body);
}

/** What is to be sent where; undefined when the batch, or its address, is no longer kept. */
export async function readNotice(
  ledger: Ledger,
  { batch, id }: { batch: string; id: string },
): Promise<{ url: string; body: string } | undefined> {
  const [url, body] = await Promise.all([
    ledger.redis.hget(ledger.keys.record(batch), 'notify'),
    ledger.redis.hget(ledger.keys.notices(batch), id),
  ]);
  return url === null || body === null ? undefined : { url, body };
}

/** Batches looked at with one round trip. */
const PAGE = 500;

/**
 * Notes for every unfinished batch with an address that it is held, once for each hold: also for one
 * that was submitted under it.
 */
export async function noteHeld(ledger: Ledger, hold: Hold): Promise<void> {
  const ids = await batchIds(ledger);
  for (let first = 0; first < ids.length; first += PAGE) {
    await Promise.all(ids.slice(first, first + PAGE).map((id) => noteHeldBatch(ledger, id, hold)));
  }
}

const unfinished = new Set<string>(
  batchStates.filter((state) => state !== 'finished' && state !== 'cancelled'),
);

async function noteHeldBatch(ledger: Ledger, batch: string, hold: Hold): Promise<void> {
  const { keys, redis } = ledger;
  const [state, round, url] = await redis.hmget(keys.record(batch), 'state', 'round', 'notify');
  if (!unfinished.has(state ?? '') || !url) return;
  const id = noticeId({ batch, round: Number(round), event: 'held', at: hold.since });
  if ((await redis.hexists(keys.notices(batch), id)) === 0) await redis.sadd(keys.untold, id);
}

/**
 * Id of the notice that tells how the batch stands now: over, or held; undefined when it is neither,
 * or has no address.
 */
export async function currentNotice(ledger: Ledger, id: string): Promise<string | undefined> {
  if ((await ledger.redis.hexists(ledger.keys.record(id), 'notify')) === 0) return undefined;
  const batch = await readBatch(ledger, id);
  const end = endOf(batch);
  const hold = await readHold(ledger);
  if (end !== undefined) return noticeId({ batch: id, round: batch.round, ...end });
  if (hold === undefined) return undefined;
  return noticeId({ batch: id, round: batch.round, event: 'held', at: hold.since });
}

function endOf({ state, finishedAt = 0 }: Batch): Pick<Notice, 'event' | 'at'> | undefined {
  if (state !== 'finished' && state !== 'cancelled') return undefined;
  return { event: state, at: finishedAt };
}
