import { retryAfterMs } from '../retry-after.ts';
import type { HttpAnswer, RequestKind } from './answer.ts';
import type { Limiter, Verdict } from './verdict.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** The longest window is 24 h; an hour more for clocks. A garbled header must not wait for years. */
const MAX_WAIT_MS = 25 * HOUR_MS;
const EPOCH_MS_FROM = 1e12;
const EPOCH_SECONDS_FROM = 1e9;
const DAILY_LIMIT = 10_000;
const SLIDING_FROM = 100;
const ENDPOINT_LIMIT = 5;

/**
 * How long to wait when the portal does not say (P-LIMIT-04), shortest and longest: the sliding
 * minute frees permits all the time; a concurrency slot is free as soon as a request ends; the
 * endpoint limiter frees 5 permits in 15 minutes; the two windows of 24 h always say.
 */
const defaultWaitMs: Readonly<Record<Limiter, readonly [number, number]>> = {
  requests: [5000, 15_000],
  concurrency: [250, 1500],
  endpoint: [180_000, 210_000],
  daily: [HOUR_MS, HOUR_MS + 60_000],
  invitations: [HOUR_MS, HOUR_MS + 60_000],
};

/** The input of a rejection's meaning: `now` in ms since the epoch, `random` from 0 to below 1. */
interface Clockwork {
  now: number;
  random: () => number;
}

/**
 * A 429 in any of its forms: which limiter, and for how long (P-LIMIT-04). A requested wait is
 * lengthened by up to a tenth (at most 5 s), so that not all come back at once.
 */
export function rateLimited(
  kind: RequestKind,
  answer: HttpAnswer,
  clockwork: Clockwork,
): Extract<Verdict<unknown>, { kind: 'rate-limited' }> {
  const requestedMs = requestedWait(answer, clockwork.now);
  const limiter = limiterOf(kind, answer, requestedMs);
  const limit = numberIn(answer.headers['x-ratelimit-limit']);
  if (requestedMs === undefined) {
    const [leastMs, mostMs] = defaultWaitMs[limiter];
    const waitMs = Math.round(leastMs + clockwork.random() * (mostMs - leastMs));
    return { kind: 'rate-limited', limiter, waitMs, limit };
  }
  const baseMs = Math.min(Math.max(requestedMs, SECOND_MS), MAX_WAIT_MS);
  const waitMs = Math.round(baseMs + clockwork.random() * Math.min(baseMs / 10, 5 * SECOND_MS));
  // The portal's own limit of requests asks for no wait: a proxy's may be of a second, or of an hour.
  return { kind: 'rate-limited', limiter, waitMs, ...(limiter !== 'requests' && { limit }) };
}

// Reset is sent by windows of 24 h on writes alone; a proxy's own 429 may have Retry-After.
function limiterOf(
  kind: RequestKind,
  answer: HttpAnswer,
  requestedMs: number | undefined,
): Limiter {
  const limit = numberIn(answer.headers['x-ratelimit-limit']);
  const hasReset = kind !== 'lookup' && answer.headers['x-ratelimit-reset'] !== undefined;
  const isWindow = hasReset || (requestedMs ?? 0) > HOUR_MS;
  if (limit === DAILY_LIMIT || (isWindow && kind !== 'invite')) return 'daily';
  if (isWindow) return 'invitations';
  if (requestedMs !== undefined || limit === undefined || limit >= SLIDING_FROM) return 'requests';
  const hasOwnLimit = kind === 'invite' || kind === 'resend';
  return hasOwnLimit && limit <= ENDPOINT_LIMIT ? 'endpoint' : 'concurrency';
}

function requestedWait(answer: HttpAnswer, now: number): number | undefined {
  const portalNow = Date.parse(answer.headers.date ?? '');
  const clock = Number.isNaN(portalNow) ? now : portalNow;
  return (
    retryAfterMs(answer.headers['retry-after'], clock) ??
    resetMs(answer.headers['x-ratelimit-reset'], clock)
  );
}

// Epoch seconds (lib 1.2.1), epoch ms (later), or what the public docs say: seconds from now.
function resetMs(header: string | undefined, clock: number): number | undefined {
  const value = numberIn(header);
  if (value === undefined) return undefined;
  if (value > EPOCH_MS_FROM) return Math.max(value - clock, 0);
  return value > EPOCH_SECONDS_FROM ? Math.max(value * SECOND_MS - clock, 0) : value * SECOND_MS;
}

function numberIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\s*\d+\s*$/.test(header) ? Number(header) : undefined;
}
