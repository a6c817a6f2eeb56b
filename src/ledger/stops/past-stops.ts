import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { endStops } from '../lua/note-stops.ts';
import { runScript } from '../lua/script.ts';

const stopSchema = z.object({
  /** `paused` is a hold that a person set; `limited` a wait that the portal asked for. */
  kind: z.enum(['held', 'paused', 'limited', 'away']),
  code: z.string().regex(/^[\w-]{1,40}$/),
  from: z.number(),
  /** Absent while it is in force; of a limit its end, which may be to come. */
  till: z.number().optional(),
});

/** A time in which all batches stood still. Times are ms of Redis' clock. */
export type PastStop = z.infer<typeof stopSchema>;

/** The last 400 stops, oldest first; damaged ones are left out. */
export async function pastStops({ redis, keys }: Ledger): Promise<PastStop[]> {
  const texts = await redis.lrange(keys.stops, 0, -1);
  return texts.flatMap((text) => stopSchema.safeParse(parseJson(text)).data ?? []);
}

/** Notes that the stops of these kinds have ended. */
export async function noteStopsEnd(
  ledger: Ledger,
  kinds: readonly PastStop['kind'][],
): Promise<void> {
  await runScript(ledger, endStops, { keys: ledger.keys, list: kinds });
}
