import { bucketOf } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { emailHash } from './record-rows.ts';
import { outcomeSchema, parseJson } from './rows.ts';

/**
 * Id of the account that the row which had this person before found or made; undefined when nobody
 * had, or when that batch is no longer kept. Whatever its age, such an account was there before the
 * batch that has the person now.
 */
export async function accountBefore(ledger: Ledger, email: string): Promise<string | undefined> {
  const { keys, redis } = ledger;
  const hash = emailHash(email);
  const claim = await redis.hget(keys.claims + hash.slice(0, 3), hash.slice(3));
  const [, batch, row] = /^\S+ \S+ ([^\s.]+)\.(\d+) /.exec(claim ?? '') ?? [];
  if (batch === undefined) return undefined;
  const text = await redis.hget(keys.outcomes(batch) + bucketOf(Number(row)), String(row));
  return outcomeSchema.safeParse(parseJson(text)).data?.portalId;
}
