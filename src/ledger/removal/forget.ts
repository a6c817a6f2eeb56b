import type { Ledger } from '../ledger.ts';
import { emailIndexKeys } from '../rows/email-index.ts';
import { withoutPerson, withoutReasons } from '../rows/row-codec.ts';
import { bucketSlices, type Proceed, releasePeople } from './retention.ts';

/**
 * Removes the people of a batch that is over and keeps its numbers: names, e-mails and their
 * hashes, every other cell of the input, account ids and reasons go; states, codes, attempts and
 * times stay. A removal cut short can be repeated. Other batches may claim these people at once.
 */
export async function forgetPeople(ledger: Ledger, id: string, proceed: Proceed): Promise<void> {
  const { keys, redis } = ledger;
  for await (const buckets of bucketSlices(ledger, id)) {
    await proceed();
    await releasePeople(ledger, id, buckets);
    await Promise.all(
      buckets.flatMap((bucket) => [
        rewrite(ledger, keys.rows(id) + bucket, withoutPerson),
        rewrite(ledger, keys.outcomes(id) + bucket, withoutReasons),
      ]),
    );
  }
  await redis.unlink(...emailIndexKeys(ledger, id));
  await redis.hset(keys.record(id), 'peopleRemoved', 1);
}

async function rewrite(
  { redis }: Ledger,
  key: string,
  change: (text: string) => string,
): Promise<void> {
  const fields = Object.entries(await redis.hgetall(key)).flatMap(([row, text]) => {
    return [row, change(text)];
  });
  if (fields.length > 0) await redis.hset(key, ...fields);
}
