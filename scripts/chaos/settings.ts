/** The key of every portal of a round. */
export const KEY = `sk-${'c4'.repeat(32)}`;

/** Short times, so that a round takes seconds; the portal finishes before a lookup. */
export const ENV = {
  DOCSPACE_API_KEY: KEY,
  ONBOARD_REQUESTS_PER_MINUTE: '0',
  ONBOARD_CONCURRENCY: '8',
  ONBOARD_ATTEMPTS: '12',
  ONBOARD_BACKOFF_MS: '50',
  ONBOARD_BACKOFF_MAX_MS: '1000',
  ONBOARD_REQUEST_TIMEOUT_MS: '1000',
  ONBOARD_LOOKUP_DELAY_MS: '1800',
  LOG_LEVEL: 'debug',
};

/** Pace of the portal; a stalled answer comes after the timeout of the request. */
export const SLOW = {
  latencyMs: 60,
  stallMs: 1400,
  lock: { serviceMs: 1, waitMs: 500 },
  // Lost answers repeat the request that mails again; five in 15 minutes would end no round.
  limits: { resendsPerQuarterHour: 1_000_000 },
};

/** Faults that the administrator of the portal fixes during a hold. */
export const REPAIRED = {
  keyExpiresAfter: null,
  tenantStatus: 'Active',
  tariff: 'paid',
  guests: 0,
  limits: { userSeats: 1_000_000_000 },
};
