import { emailHash } from '../../people/email-hash.ts';
import { type Batch, readBatch } from '../batch/batches.ts';
import { isLocked } from '../batch/lock.ts';
import type { Ledger } from '../ledger.ts';
import { release } from '../rows/claims.ts';
import { emailIndexKeys } from '../rows/email-index.ts';
import { decodeInput, emailOf } from '../rows/row-codec.ts';
import { BUCKET_ROWS, bucketOf, rowStates } from '../rows/row-state.ts';
import { rowSpan, SLICE_ROWS } from '../rows/rows.ts';

/** Called before each slice; throws when the work must stop. */
export type Proceed = () => Promise<void>;

/**
 * Ids of the batches that were over, or whose intake was abandoned, before `before` (ms). Batches
 * with work left are not among them, however old they are.
 */
export async function overBefore(ledger: Ledger, before: number): Promise<string[]> {
  const ids = await ledger.redis.zrangebyscore(ledger.keys.batches, '-inf', before);
  const over: string[] = [];
  for (const id of ids) if (await wasOver(ledger, id, before)) over.push(id);
  return over;
}

async function wasOver(ledger: Ledger, id: string, before: number): Promise<boolean> {
  const batch = await findBatch(ledger, id);
  // A purge that was stopped between its last two steps left the id without a record.
  if (batch === undefined) return true;
  if (batch.state === 'intake') return !(await isLocked(ledger, id));
  return (batch.finishedAt ?? Number.POSITIVE_INFINITY) <= before;
}

/** The batch's record; undefined when it does not exist. */
export async function findBatch(ledger: Ledger, id: string): Promise<Batch | undefined> {
  if ((await ledger.redis.exists(ledger.keys.record(id))) === 0) return undefined;
  return readBatch(ledger, id);
}

/** Notes that the removal of people begins: from now on nobody is retried or invited. */
export async function closePermanently(ledger: Ledger, id: string, now: number): Promise<void> {
  await ledger.redis.hsetnx(ledger.keys.record(id), 'peopleRemovedAt', now);
}

/** Removes everything of a batch, the record last, so that a removal cut short can be repeated. */
export async function removeBatch(ledger: Ledger, id: string, proceed: Proceed): Promise<void> {
  const { keys, redis } = ledger;
  for await (const buckets of bucketSlices(ledger, id)) {
    await proceed();
    await releasePeople(ledger, id, buckets);
    await redis.unlink(...buckets.flatMap((n) => [keys.rows(id) + n, keys.outcomes(id) + n]));
  }
  await redis.unlink(...emailIndexKeys(ledger, id));
  const bitmaps = rowStates.map((state) => keys.is(id, state));
  const causes = await redis.smembers(keys.causes(id));
  bitmaps.push(...causes.map((code) => keys.because(id) + code));
  await redis.unlink(...bitmaps, keys.invited(id), keys.invites(id), keys.inviter(id));
  await redis.unlink(keys.causes(id), keys.settled(id), keys.notifications(id));
  await redis.unlink(keys.record(id));
  await redis.zrem(keys.batches, id);
}

/** The numbers of the buckets that hold the batch's rows, a slice of 1,000 rows at a time. */
export async function* bucketSlices(ledger: Ledger, id: string): AsyncGenerator<number[]> {
  const rows = await rowSpan(ledger, id);
  for (let first = 0; first <= rows; first += SLICE_ROWS) {
    const length = SLICE_ROWS / BUCKET_ROWS;
    yield Array.from({ length }, (_, index) => bucketOf(first) + index);
  }
}

/** Releases the claims on the people of these buckets. */
export async function releasePeople(
  ledger: Ledger,
  id: string,
  buckets: readonly number[],
): Promise<void> {
  const { keys, redis } = ledger;
  const rows = await Promise.all(buckets.map((bucket) => redis.hvals(keys.rows(id) + bucket)));
  const emails = rows.flat().flatMap((text) => emailOf(decodeInput(text)) ?? []);
  await release(ledger, id, emails.map(emailHash));
}
