import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Logger } from '../process/logger.ts';
import { storeTrouble } from '../redis/trouble.ts';
import type { Timings } from '../timings.ts';

/**
 * Writes an answer of the portal, repeatedly while Redis refuses (memory or disk full, or a right
 * that its user lost): no other
 * process knows it, and an accepted invite that is forgotten would be sent twice. No worker takes
 * the job meanwhile, since that is a write too. The client itself waits for a connection that is
 * lost.
 */
export async function insist<T>(
  note: () => Promise<T>,
  { logger, timings }: { logger: Logger; timings: Timings },
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await note();
    } catch (error) {
      if (storeTrouble(error) !== 'refuses') throw error;
      const fields = { reason: messageOf(error) };
      if (tries === 1) logger.warn(fields, 'redis refuses an answer of the portal: trying again');
      await sleep(timings.insistRepeatMs);
    }
  }
}
