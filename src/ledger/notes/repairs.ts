import { z } from 'zod';
import { BATCH_ID } from '../../batch-id.ts';
import { DAY_MS } from '../../durations.ts';
import { storedTime } from '../iso-time.ts';
import { parseJson } from '../json.ts';
import { type Ledger, redisNow } from '../ledger.ts';

const repairSchema = z.object({
  batch: z.string().regex(BATCH_ID),
  /** Faults that were found, as `parent-lost`. */
  codes: z.array(z.string().regex(/^[a-z-]{1,40}$/)),
  /** When, ms of Redis' clock. */
  at: storedTime,
});

/** The last repair of a batch. */
export type RepairNote = z.infer<typeof repairSchema>;

/** Notes for a day that a batch was repaired: queue and ledger disagreed, so Redis lost something. */
export async function noteRepair(
  ledger: Ledger,
  repair: { batch: string; codes: readonly string[] },
): Promise<void> {
  const note = { ...repair, at: await redisNow(ledger) };
  await ledger.redis.set(ledger.keys.repaired, JSON.stringify(note), 'PX', DAY_MS);
}

/** The last repair of the last day; undefined for none, and for a note that is not one of ours. */
export async function readRepair({ redis, keys }: Ledger): Promise<RepairNote | undefined> {
  return repairSchema.safeParse(parseJson(await redis.get(keys.repaired))).data;
}
