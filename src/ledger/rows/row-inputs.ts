import type { Ledger } from '../ledger.ts';
import type { StoredText } from './row-codec.ts';
import { BUCKET_ROWS, bucketOf } from './row-state.ts';

/** Fields of a bucket above which all of it is read: Redis searches a compact hash for each field. */
const WHOLE_FROM = BUCKET_ROWS / 4;

/**
 * The inputs of rows, in their order: one command for each bucket of 100 rows. For a slice, since
 * all commands are sent at once.
 */
export async function readInputs(
  { keys, redis }: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<StoredText[]> {
  const read = async ([bucket, wanted]: [number, number[]]): Promise<StoredText[]> => {
    const key = keys.rows(batch) + bucket;
    if (wanted.length < WHOLE_FROM) return redis.hmget(key, ...wanted.map(String));
    const all = await redis.hgetall(key);
    return wanted.map((row) => all[row]);
  };
  return (await Promise.all([...byBucket(rows)].map(read))).flat();
}

/** The rows of each bucket; the order stays when the rows ascend. */
function byBucket(rows: readonly number[]): Map<number, number[]> {
  const buckets = new Map<number, number[]>();
  for (const row of rows) {
    const bucket = bucketOf(row);
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, [row]);
    else known.push(row);
  }
  return buckets;
}
