import type { Queue } from 'bullmq';
import { announceSoon } from '../../batch/announce.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { boundWriters, lowerPace } from '../../ledger/limits/leases.ts';
import { setHold } from '../../ledger/stops/holds.ts';
import {
  type Admission,
  admit,
  clearOutage,
  extendQueueWait,
  leaveProbe,
  noteOutage,
} from '../../ledger/stops/waits.ts';
import type { Verdict } from '../../portal/verdict.ts';
import type { Logger } from '../../process/logger.ts';
import { type BackoffSettings, backoffDelayMs } from '../../queue/backoff.ts';
import type { Queues } from '../../queue/queues.ts';
import { type HoldReason, holdReason } from '../../stops.ts';
import type { Timings } from '../../timings.ts';
import type { RequestLimits } from '../limits/request-limits.ts';
import { isAboutInvitations } from './portal-outcome.ts';

interface Parts {
  ledger: Ledger;
  queues: Queues;
  logger: Logger;
  limits: RequestLimits;
  backoff: BackoffSettings;
  /** How long a probe may take before another is let through, ms. */
  probeMs: number;
  now: () => number;
  timings: Timings;
}

/** A rejection by a limiter; `limit` is what it allows, where it says so. */
interface SlowDown {
  limiter: string;
  waitMs: number;
  limit?: number | undefined;
}

export type Pressure = ReturnType<typeof createPressure>;

/**
 * Back-pressure: the portal's state acts on the queues, for all workers at once. Its waits are in
 * Redis beside BullMQ's own, which is last-writer-wins and lets all jobs start at once when it
 * ends.
 */
export function createPressure(parts: Parts) {
  const { ledger, queues, logger, now, backoff, probeMs, limits } = parts;
  const { probePollMs: pollMs, webPageHoldMs } = parts.timings;
  const both: Queue[] = [queues.createUser, queues.invite];
  /** Avoids a command after every answer in the usual case. */
  let mayBeOut = false;
  /**
   * Keeps the requests in flight within the number that the portal's limiter names (P-LIMIT-02): a
   * portal that allows 15 writers refused 135 of the first 150, again and again.
   */
  const boundTo = async (writers: number) => {
    const { writersMs: forMs } = parts.timings;
    const isNew = await boundWriters(ledger, { most: writers, forMs });
    if (isNew) logger.warn({ writers }, 'requests at a time are limited by the portal');
    limits.onStale?.();
  };
  const slower = async (limit: number | undefined) => {
    const isNew = await lowerPace(ledger, { limit, forMs: parts.timings.paceMs });
    if (isNew) logger.warn({ limit }, 'the pace is lowered');
    limits.onStale?.();
  };
  const answers = async () => {
    mayBeOut = false;
    if (await clearOutage(ledger)) logger.info('the portal answers again');
  };
  return {
    /** How a job asks for admission. */
    asking: (queue: string, token: string) => ({ queue, token, probeMs, pollMs }),
    /** Heeds an admission that came with a row. */
    admitted({ isProbe }: Pick<Admission, 'isProbe'>) {
      if (isProbe) mayBeOut = true;
    },
    /** Whether a job may send a request now; during an outage, one at a time may. */
    async admit(queue: string, token: string): Promise<Admission> {
      const admission = await admit(ledger, this.asking(queue, token));
      this.admitted(admission);
      return admission;
    },
    /** Ends a probe; without a request, the next job may be the probe. */
    leave: (token: string) => leaveProbe(ledger, token),
    /** Extends the wait of the job's queue. */
    async keepWaiting(name: string, waitMs: number) {
      const queue = both.find((each) => each.name === name);
      if (queue !== undefined) await extend(queue, waitMs);
    },
    /** Lets no job start for `waitMs`, or longer when more was asked for already. */
    async slowDown({ limiter, waitMs, limit }: SlowDown) {
      const isBound = limiter === 'concurrency' && limit !== undefined && limit > 0;
      if (isBound) await boundTo(limit);
      else logger.warn({ limiter, waitMs }, 'rate limited by the portal');
      if (!isAboutInvitations(limiter)) limits.turnBack();
      const slowed = isAboutInvitations(limiter) ? [queues.invite] : both;
      const slow = async (queue: Queue) => {
        const requested = { queue: queue.name, limiter, waitMs };
        await extend(queue, await extendQueueWait(ledger, requested));
      };
      await Promise.all(slowed.map(slow));
      if (limiter === 'requests') await slower(limit);
    },
    /**
     * Notes that the portal cannot be reached: the queues wait, longer each time in a row. Web pages
     * in its place become a hold after `webPageHoldMs`: most are over within minutes.
     */
    async outage(code: string) {
      mayBeOut = true;
      limits.turnBack();
      const { backoffMs: firstMs, backoffMaxMs: mostMs, random } = backoff;
      const seen = { code, firstMs, mostMs, random: random() };
      const { waitMs, isNew, lastedMs } = await noteOutage(ledger, seen);
      if (code === 'web-page' && lastedMs >= webPageHoldMs) {
        await this.hold(holdReason('html-answer'));
        return;
      }
      if (isNew) logger.warn({ code, waitMs }, 'portal unreachable');
      await Promise.all(both.map((queue) => extend(queue, waitMs)));
    },
    /** Notes an answer: unless it says that the portal is unreachable, an outage is over. */
    heard(verdict: Verdict<unknown>): Promise<void> {
      return mayBeOut && !isAway(verdict) ? answers() : nothing;
    },
    /** Stops both queues until a person resumes. */
    async hold(hold: HoldReason) {
      const isNew = await setHold(ledger, { ...hold, since: now() });
      // The portal's words stay in the ledger: they can name a person.
      const { detail: _, ...logged } = hold;
      if (isNew) logger.error(logged, 'held');
      limits.turnBack();
      await Promise.all(both.map((queue) => queue.pause()));
      if (isNew) await announceSoon(parts);
    },
    /** Wait before the next try after this many failures, ms. */
    backoffMs: (failures: number) => backoffDelayMs(failures, backoff),
  };
}

const nothing = Promise.resolve();

/** No answer at all, or an answer of a proxy that does not reach the portal either. */
function isAway(verdict: Verdict<unknown>): boolean {
  const codes = ['gateway-error', 'web-page', 'timeout', 'reset', 'aborted'];
  return (
    verdict.kind === 'unreachable' || (verdict.kind === 'unknown' && codes.includes(verdict.code))
  );
}

/** BullMQ's rate limit is last-writer-wins (B-LIMIT-03): never shorten what is set. */
async function extend(queue: Queue, waitMs: number): Promise<void> {
  const left = await queue.getRateLimitTtl();
  await queue.rateLimit(Math.max(waitMs, left, 1));
}
