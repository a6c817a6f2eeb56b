import { setTimeout as sleep } from 'node:timers/promises';
import { storeTrouble } from '../redis/trouble.ts';
import type { Timings } from '../timings.ts';

/**
 * Writes an answer of the portal, repeatedly while Redis refuses (memory or disk full): no other
 * process knows it, and an accepted invite that is forgotten would be sent twice. No worker takes
 * the job meanwhile, since that is a write too. The client itself waits for a connection that is
 * lost.
 */
export async function insist<T>(note: () => Promise<T>, { insistRepeatMs }: Timings): Promise<T> {
  for (;;) {
    try {
      return await note();
    } catch (error) {
      if (storeTrouble(error) !== 'refuses') throw error;
      await sleep(insistRepeatMs);
    }
  }
}
