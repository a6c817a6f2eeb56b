import { z } from 'zod';
import type { Ledger } from '../ledger.ts';

const refusalSchema = z.object({ message: z.string(), at: z.number() });

/** Answer of Redis to a worker that it refused, and its time, ms since the epoch. */
export type RefusalNote = z.infer<typeof refusalSchema>;

/** Notes a refusal of Redis for `forMs`. */
export async function noteRefusal(
  { redis, keys }: Ledger,
  note: RefusalNote,
  forMs: number,
): Promise<void> {
  await redis.set(keys.refusal, JSON.stringify(note), 'PX', forMs);
}

/** The last refusal that a worker noted; undefined when it has expired, or is not one of ours. */
export async function readRefusal({ redis, keys }: Ledger): Promise<RefusalNote | undefined> {
  const text = (await redis.get(keys.refusal)) ?? 'null';
  try {
    return refusalSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Writes a key that expires at once.
 * @throws Redis' error when it takes no writes.
 */
export async function tryWrite({ redis, keys }: Ledger): Promise<void> {
  await redis.set(keys.tried, '1', 'PX', 1);
}
