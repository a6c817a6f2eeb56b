import { higherTypes } from '../../people/account-types.ts';
import { emailHash } from '../../people/email-hash.ts';
import { type Batch, batchIdsBefore, readBatch } from '../batch/batches.ts';
import { isLocked } from '../batch/lock.ts';
import { unlessDamaged } from '../damaged.ts';
import type { Ledger } from '../ledger.ts';
import { release } from '../rows/claims.ts';
import { emailIndexKeys } from '../rows/email-index.ts';
import { rowMarks } from '../rows/marks.ts';
import { decodeInput, emailOf, withoutPerson, withoutReasons } from '../rows/row-codec.ts';
import { BUCKET_ROWS, bucketOf, rowStates } from '../rows/row-state.ts';
import { rowSpan, SLICE_ROWS } from '../rows/rows.ts';
import { forgetHoldDetail } from '../stops/holds.ts';

/** Called before each slice; throws when the work must stop. */
type Proceed = () => Promise<void>;

/**
 * Ids of the batches that were over, or whose intake was abandoned, before `before` (ms). Batches
 * with work left are not among them, however old they are.
 */
export async function overBefore(ledger: Ledger, before: number): Promise<string[]> {
  const ids = await batchIdsBefore(ledger, before);
  const over: string[] = [];
  for (const id of ids) {
    // Whether a damaged batch has work left is unknown, so it stays.
    if (await unlessDamaged(wasOver(ledger, id, before), false)) over.push(id);
  }
  return over;
}

async function wasOver(ledger: Ledger, id: string, before: number): Promise<boolean> {
  const batch = await findBatch(ledger, id);
  // A purge that was stopped between its last two steps left the id without a record.
  if (batch === undefined) return true;
  if (batch.state === 'intake') return !(await isLocked(ledger, id));
  return (batch.finishedAt ?? Number.POSITIVE_INFINITY) <= before;
}

/** The batch; undefined when it does not exist. */
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
  for await (const buckets of releasedSlices(ledger, id, proceed)) {
    await redis.unlink(...buckets.flatMap((n) => [keys.rows(id) + n, keys.outcomes(id) + n]));
  }
  await redis.unlink(...emailIndexKeys(ledger, id));
  const bitmaps = rowStates.map((state) => keys.is(id, state));
  bitmaps.push(...higherTypes.map((type) => keys.types(id) + type));
  bitmaps.push(...rowMarks.map((mark) => keys.marks(id) + mark));
  const causes = await redis.smembers(keys.causes(id));
  bitmaps.push(...causes.map((code) => keys.because(id) + code));
  await redis.unlink(...bitmaps, keys.invited(id), keys.invites(id), keys.inviter(id));
  await redis.unlink(
    keys.course(id),
    keys.causes(id),
    keys.settled(id),
    keys.notifications(id),
    keys.groups(id),
  );
  await redis.unlink(keys.record(id));
  await redis.zrem(keys.batches, id);
}

/**
 * Removes every cell, file name, group and remark of the input, hashes, account ids, reasons and notifications of a
 * batch that is over, and what the portal said about the hold in force; states, codes, attempts and
 * times stay. A removal cut short can be repeated. Other batches may claim these people at once.
 */
export async function forgetPeople(ledger: Ledger, id: string, proceed: Proceed): Promise<void> {
  const { keys, redis } = ledger;
  for await (const buckets of releasedSlices(ledger, id, proceed)) {
    await Promise.all(
      buckets.flatMap((bucket) => [
        rewrite(ledger, keys.rows(id) + bucket, withoutPerson),
        rewrite(ledger, keys.outcomes(id) + bucket, withoutReasons),
      ]),
    );
  }
  await redis.unlink(...emailIndexKeys(ledger, id), keys.notifications(id));
  await forgetHoldDetail(ledger);
  await redis.unlink(keys.groups(id));
  await redis.hdel(keys.record(id), 'remarks', 'stuck', 'group');
  await redis.hset(keys.record(id), 'peopleRemoved', 1);
}

async function rewrite({ redis }: Ledger, key: string, change: (text: string) => string) {
  const fields = Object.entries(await redis.hgetall(key)).flatMap(([row, text]) => {
    return [row, change(text)];
  });
  if (fields.length > 0) await redis.hset(key, ...fields);
}

/** Releases the batch's people, 1,000 rows at a time; yields the numbers of their buckets. */
async function* releasedSlices(ledger: Ledger, id: string, proceed: Proceed) {
  const { keys, redis } = ledger;
  const rows = await rowSpan(ledger, id);
  const length = SLICE_ROWS / BUCKET_ROWS;
  for (let first = 0; first <= rows; first += SLICE_ROWS) {
    await proceed();
    const buckets = Array.from({ length }, (_, index) => bucketOf(first) + index);
    const inputs = await Promise.all(buckets.map((bucket) => redis.hvals(keys.rows(id) + bucket)));
    const emails = inputs.flat().flatMap((text) => emailOf(decodeInput(text)) ?? []);
    await release(ledger, id, emails.map(emailHash));
    yield buckets;
  }
}
