import type { Queue } from 'bullmq';
import { clearHold, type HoldReason, readHold, setHold } from '../ledger/holds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../logger.ts';
import { type BackoffSettings, backoffDelayMs } from '../queue/backoff.ts';
import type { Queues } from '../queue/queues.ts';

/** Back-pressure: what the portal's state does to the queues, for all workers at once. */
export interface Pressure {
  /** No new start on either queue for `waitMs`, or longer when more was asked for already. */
  slowDown(wish: { limiter: string; waitMs: number }): Promise<void>;
  /** The portal cannot be reached: pause, longer each time it happens in a row. */
  outage(code: string): Promise<void>;
  /** The portal answered: the next outage starts with a short pause again. */
  answered(): void;
  /** Stops both queues until `release`. */
  hold(hold: HoldReason): Promise<void>;
  /** Lifts a hold; a worker's start is a person's act and does it. */
  release(): Promise<void>;
}

interface Parts {
  ledger: Ledger;
  queues: Queues;
  logger: Logger;
  backoff: BackoffSettings;
  now: () => number;
}

export function createPressure(parts: Parts): Pressure {
  const { ledger, queues, logger, now } = parts;
  const portalQueues: Queue[] = [queues.createUser, queues.invite];
  let outages = 0;
  let outageEnds = 0;
  let pausedUntil = 0;
  const pause = async (waitMs: number) => {
    // Ten requests turned away together ask at once: none of them sees the others' pause in Redis.
    pausedUntil = Math.max(pausedUntil, now() + waitMs);
    const longestMs = pausedUntil - now();
    await Promise.all(portalQueues.map((each) => extend(each, longestMs)));
  };
  return {
    async slowDown({ limiter, waitMs }) {
      logger.warn({ limiter, waitMs }, 'rate limited by the portal');
      await pause(waitMs);
    },
    async outage(code) {
      // Requests that were in flight together are one outage, not ten.
      if (now() >= outageEnds) {
        outages += 1;
        outageEnds = now() + backoffDelayMs(outages, parts.backoff);
        logger.warn({ code, waitMs: outageEnds - now() }, 'portal unreachable');
      }
      await pause(Math.max(1, outageEnds - now()));
    },
    answered() {
      outages = 0;
    },
    async hold(hold) {
      if (await setHold(ledger, { ...hold, since: now() })) logger.error(hold, 'held');
      await Promise.all(portalQueues.map((queue) => queue.pause()));
    },
    async release() {
      const hold = await readHold(ledger);
      if (hold !== undefined) logger.info({ code: hold.code }, 'hold lifted');
      await clearHold(ledger);
      await Promise.all(portalQueues.map((queue) => queue.resume()));
    },
  };
}

/** BullMQ's pause is last-writer-wins (bullmq.md, section 5): never shorten what is set. */
async function extend(queue: Queue, waitMs: number): Promise<void> {
  const left = await queue.getRateLimitTtl();
  await queue.rateLimit(Math.max(waitMs, left));
}
