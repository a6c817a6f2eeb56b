/** Documented limit of POST and PUT in 24 hours, of portals in the cloud (P-LIMIT-02). */
export const WRITES_PER_DAY = 10_000;

/**
 * Share of the portal's limit that is used. The portal counts any 60 s, and a request arrives some ms
 * after it was sent: 15 of 1,500 are left for that, and for what is made up after a hang.
 */
const SHARE = 0.99;

/**
 * A limit that no worker reaches. BullMQ honours a requested wait only on queues that have one
 * (B-LIMIT-04); requests are paced by the workers (limits/request-limits.ts).
 */
export const UNLIMITED = { max: 1_000_000, durationMs: 1000 };

/** Requests a second for a limit of requests a minute; Infinity without a limit, which is 0. */
export function perSecondOf(requestsPerMinute: number): number {
  return requestsPerMinute === 0 ? Number.POSITIVE_INFINITY : (requestsPerMinute * SHARE) / 60;
}
