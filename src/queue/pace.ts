/** One limiter window: at most `max` starts in `durationMs`. */
export interface Pace {
  max: number;
  durationMs: number;
}

/** A big window would send its whole minute at once and then idle; five a second spread it. */
const WINDOWS_PER_MINUTE = 300;

/**
 * Share of the portal's limit that is used. The portal counts any sliding 60 s, our windows are
 * fixed and a start's request arrives some ms later: at 100 % a minute of 1,500 saw 1,650 starts in
 * the worst sliding minute with one big window, and 1,501 are enough for a 429. The rest also
 * covers the invite.
 */
const SHARE = 0.98;

/**
 * BullMQ honours a 429's pause only on queues that have a limit (bullmq.md, section 5), so "no
 * limit" is one that no worker reaches.
 */
const UNLIMITED: Pace = { max: 1_000_000, durationMs: 1000 };

/** The limiter window for a number of requests a minute; 0 means no limit. Each start sends one. */
export function paceOf(requestsPerMinute: number): Pace {
  if (requestsPerMinute === 0) return UNLIMITED;
  const perMinute = requestsPerMinute * SHARE;
  const max = Math.ceil(perMinute / WINDOWS_PER_MINUTE);
  return { max, durationMs: Math.ceil((max * 60_000) / perMinute) };
}

/** Starts a second that a queue's limit allows, as its workers set it; Infinity without a limit. */
export function startsAllowed(limit: { max: number; duration: number } | null): number {
  if (limit === null || limit.max === UNLIMITED.max) return Number.POSITIVE_INFINITY;
  return startsPerSecond({ max: limit.max, durationMs: limit.duration });
}

/** Starts a second that a pace allows. */
export function startsPerSecond(pace: Pace): number {
  return (pace.max * 1000) / pace.durationMs;
}
