import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { defineScript, runScript } from './script.ts';

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

/**
 * KEYS hold. ARGV fields and values, written whole or not at all; one without a time is no hold
 * that anybody reads. Returns 1 when it was set.
 */
const firstHold = defineScript(`
if redis.call('HEXISTS', KEYS[1], 'since') == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
`);

/** Records a hold; the first one stays. True when this call set it. */
export async function setHold(ledger: Ledger, hold: Hold): Promise<boolean> {
  const args = Object.entries(hold).flatMap(([name, value]) =>
    value === undefined ? [] : [name, String(value)],
  );
  return (await runScript(ledger.redis, firstHold, { keys: [ledger.keys.hold], args })) === 1;
}

export async function clearHold(ledger: Ledger): Promise<void> {
  await ledger.redis.del(ledger.keys.hold);
}
