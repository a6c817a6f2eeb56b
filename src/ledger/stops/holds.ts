import { z } from 'zod';
import { type HoldReason, holdCodes } from '../../stops.ts';
import type { Ledger } from '../ledger.ts';
import { runScript } from '../lua/script.ts';
import { setHold as setHoldScript } from '../lua/set-hold.ts';

const holdSchema = z.object({
  /** A hold set by another version must stay in force, also when its code is unknown here. */
  code: z.enum(holdCodes).catch('unknown'),
  reason: z.string(),
  remedy: z.string(),
  since: z.coerce.number(),
  /** The batch that it is about, where it is about one. */
  batch: z.string().optional(),
});
/** The reason why all workers are stopped until a person acts. `since` is in ms. */
export type Hold = z.infer<typeof holdSchema>;

/** The hold in force, if any. */
export async function readHold(ledger: Ledger): Promise<Hold | undefined> {
  const fields = await ledger.redis.hgetall(ledger.keys.hold);
  return holdSchema.safeParse(fields).data;
}

/** Records a hold; the first one stays. True when this call set it. */
export async function setHold(
  ledger: Ledger,
  hold: HoldReason & { since: number },
): Promise<boolean> {
  const list = Object.entries(hold).flatMap(([name, value]) =>
    value === undefined ? [] : [name, String(value)],
  );
  return runScript(ledger, setHoldScript, { keys: ledger.keys, list });
}

export async function clearHold(ledger: Ledger): Promise<void> {
  await ledger.redis.del(ledger.keys.hold);
}
