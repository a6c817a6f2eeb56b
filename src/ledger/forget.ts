import { z } from 'zod';
import { emailIndexKeys } from './email-index.ts';
import type { Ledger } from './ledger.ts';
import { bucketSlices, type GoOn, releasePeople } from './retention.ts';
import { parseJson } from './rows.ts';

/** What stays of a row: where it stood. */
const inputSchema = z.object({ file: z.string(), line: z.number() });

const endSchema = z.object({
  state: z.string(),
  round: z.number(),
  code: z.string().optional(),
  attempts: z.number().optional(),
  at: z.number().optional(),
});

/**
 * What stays of a row's outcome. Reasons, warnings and faults go: they can repeat what the file says.
 * So does the account's id, which names a person to everybody who may look at the portal.
 */
const outcomeSchema = z.object({
  code: z.string().optional(),
  attempts: z.number().optional(),
  at: z.number().optional(),
  round: z.number().optional(),
  history: z.array(endSchema).optional(),
});

/**
 * Removes the people of a batch that is over and keeps its numbers: names, e-mails and their hashes,
 * every other cell of the input, account ids and reasons go; states, codes, attempts and times stay.
 * A removal cut short can be repeated. Other batches may have these people at once.
 */
export async function forgetPeople(ledger: Ledger, id: string, goOn: GoOn): Promise<void> {
  const { keys, redis } = ledger;
  for await (const buckets of bucketSlices(ledger, id)) {
    await goOn();
    await releasePeople(ledger, id, buckets);
    await Promise.all(
      buckets.flatMap((bucket) => [
        rewrite(ledger, keys.rows(id) + bucket, inputSchema),
        rewrite(ledger, keys.outcomes(id) + bucket, outcomeSchema),
      ]),
    );
  }
  await redis.unlink(...emailIndexKeys(ledger, id));
  await redis.hset(keys.record(id), 'peopleRemoved', 1);
}

/** Keeps of every field of a hash only what the schema names; of damaged text nothing. */
async function rewrite({ redis }: Ledger, key: string, schema: z.ZodType): Promise<void> {
  const fields = Object.entries(await redis.hgetall(key)).flatMap(([row, text]) => {
    return [row, JSON.stringify(schema.safeParse(parseJson(text)).data ?? {})];
  });
  if (fields.length > 0) await redis.hset(key, ...fields);
}
