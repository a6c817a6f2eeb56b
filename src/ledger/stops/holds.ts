import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { type HoldReason, holdCodes, plainHold } from '../../stops.ts';
import { storedTime } from '../iso-time.ts';
import type { Ledger } from '../ledger.ts';
import { runScript } from '../lua/script.ts';
import { setHold as setHoldScript } from '../lua/set-hold.ts';
import { noteStopsEnd } from './past-stops.ts';

/** Longer texts were not written by this program. */
const text = z.string().transform((value) => value.slice(0, 1000));

const unknown = plainHold('unknown');

const holdSchema = z.object({
  /** A hold set by another version must stay in force, also when its code is unknown here. */
  code: z.enum(holdCodes).catch('unknown'),
  reason: text.catch(`${unknown.what}.`),
  remedy: text.catch(unknown.remedy),
  /** Words of the portal, or the people that it is about. */
  detail: text.optional(),
  since: storedTime.catch(0),
  /** The batch that it is about, where it is about one. */
  batch: z.string().regex(BATCH_ID).optional().catch(undefined),
});
/** The reason why all workers are stopped until a person acts. `since` is in ms. */
export type Hold = z.infer<typeof holdSchema>;

/**
 * The hold in force, if any. One that cannot be read is in force too: the queues stand still. Without
 * `since` it was never written whole.
 */
export async function readHold(ledger: Ledger): Promise<Hold | undefined> {
  const fields = await ledger.redis.hgetall(ledger.keys.hold);
  return fields.since === undefined ? undefined : holdSchema.parse(fields);
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

/** Removes the words of the portal from the hold in force: they can name a person. */
export async function forgetHoldDetail({ redis, keys }: Ledger): Promise<void> {
  await redis.hdel(keys.hold, 'detail');
}

export async function clearHold(ledger: Ledger): Promise<void> {
  if ((await ledger.redis.del(ledger.keys.hold)) > 0)
    await noteStopsEnd(ledger, ['held', 'paused']);
}
