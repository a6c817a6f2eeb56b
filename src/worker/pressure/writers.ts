import type { Ledger } from '../../ledger/ledger.ts';
import { boundWriters, readWriters } from '../../ledger/stops/waits.ts';
import type { Logger } from '../../process/logger.ts';
import type { Queues } from '../../queue/queues.ts';
import type { Timings } from '../../timings.ts';

interface Parts {
  ledger: Ledger;
  queues: Queues;
  logger: Logger;
  concurrency: number;
  timings: Timings;
}

/** The concurrency of all workers together when the portal allows `most`; 0 is not known. */
export function boundBy(most: number, concurrency: number): number {
  return most > 0 ? Math.min(most, concurrency) : concurrency;
}

/**
 * Keeps the requests in flight within the number that the portal's limiter names (P-LIMIT-02): a
 * portal that allows 15 writers refused 135 of the first 150, again and again. The number is in
 * Redis for an hour, every admission reads it, and each process applies it to the queue once.
 */
export function createWriters({ ledger, queues, logger, concurrency, timings }: Parts) {
  let applied = 0;
  const apply = async (most: number) => {
    if (most === applied) return;
    applied = most;
    await queues.createUser.setGlobalConcurrency(boundBy(most, concurrency));
  };
  return {
    /** Applies the number of an admission. */
    heed: apply,
    /** Notes what a rejection says. */
    async bound(most: number) {
      const isNew = await boundWriters(ledger, { most, forMs: timings.writersMs });
      if (isNew) logger.warn({ writers: most }, 'requests at a time are limited by the portal');
      // A smaller number, which another process has met, stays in force.
      await apply(await readWriters(ledger));
    },
  };
}
