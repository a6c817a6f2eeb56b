/** One limiter window: at most `max` starts in `durationMs`. */
export interface Pace {
  max: number;
  durationMs: number;
}

/** Documented limit of POST and PUT in 24 hours, of portals in the cloud (P-LIMIT-02). */
export const WRITES_PER_DAY = 10_000;

/** One big window would send its whole minute at once and then idle; five a second spread it. */
const WINDOWS_PER_MINUTE = 300;

/**
 * Share of the portal's limit that is used. The portal counts any sliding 60 s; our windows are
 * fixed, and a start's request arrives some ms later. At 100 %, one big window of 1,500 gave 1,650
 * starts in the worst sliding minute, and 1,501 are enough for a 429. The margin also covers the
 * invite.
 */
const SHARE = 0.98;

/**
 * A limit that no worker reaches, for "no limit": BullMQ honours a requested wait only on queues
 * that have a limit (B-LIMIT-04).
 */
const UNLIMITED: Pace = { max: 1_000_000, durationMs: 1000 };

/** The limiter window for a number of requests a minute; 0 means no limit. Each start sends one. */
export function paceOf(requestsPerMinute: number): Pace {
  if (requestsPerMinute === 0) return UNLIMITED;
  const perMinute = requestsPerMinute * SHARE;
  const max = Math.ceil(perMinute / WINDOWS_PER_MINUTE);
  return { max, durationMs: Math.ceil((max * 60_000) / perMinute) };
}

/** The limit of a queue as BullMQ has it; undefined for "no limit". */
export function limitOf(limit: { max: number; duration: number } | null): Pace | undefined {
  if (limit === null || limit.max === UNLIMITED.max) return undefined;
  return { max: limit.max, durationMs: limit.duration };
}

/** Starts a second that a queue's limit allows; Infinity without a limit. */
export function startsAllowed(limit: { max: number; duration: number } | null): number {
  const pace = limitOf(limit);
  return pace === undefined ? Number.POSITIVE_INFINITY : startsPerSecond(pace);
}

/** Starts a second that a pace allows. */
export function startsPerSecond(pace: Pace): number {
  return (pace.max * 1000) / pace.durationMs;
}
