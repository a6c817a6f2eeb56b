import { z } from 'zod';
import type { Ledger } from './ledger.ts';

const holdSchema = z.object({
  code: z.string(),
  reason: z.string(),
  remedy: z.string(),
  since: z.coerce.number(),
  /** The batch that it is about, where it is about one. */
  batch: z.string().optional(),
});
/** Why everything is stopped until a person sees to it. `since` is in ms. */
export type Hold = z.infer<typeof holdSchema>;

/** A hold that is to be set. */
export type HoldReason = Omit<Hold, 'since'>;

/** The hold in force, if any. It stops all workers of this prefix. */
export async function readHold(ledger: Ledger): Promise<Hold | undefined> {
  const fields = await ledger.redis.hgetall(ledger.keys.hold);
  return holdSchema.safeParse(fields).data;
}

/** Records a hold; the first one stays. True when this call set it. */
export async function setHold(ledger: Ledger, hold: Hold): Promise<boolean> {
  const { hold: key } = ledger.keys;
  if ((await ledger.redis.hsetnx(key, 'code', hold.code)) === 0) return false;
  await ledger.redis.hset(key, { ...hold });
  return true;
}

export async function clearHold(ledger: Ledger): Promise<void> {
  await ledger.redis.del(ledger.keys.hold);
}
