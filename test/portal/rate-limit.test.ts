import { describe, expect, it } from 'vitest';
import type { RequestKind } from '../../src/portal/answer.ts';
import { rateLimited } from '../../src/portal/rate-limit.ts';
import { empty } from './answers.ts';

const now = Date.parse('2026-07-01T10:00:00Z');
const nowSeconds = now / 1000;
const limited = (
  kind: RequestKind,
  headers: Record<string, string>,
  random: () => number = () => 0,
) => rateLimited(kind, empty(429, headers), { now, random });

describe('a 429', () => {
  const limit = (value: number) => ({
    'x-ratelimit-limit': `${value}`,
    'x-ratelimit-remaining': '0',
  });
  it.each<[string, RequestKind, Record<string, string>, string, number]>([
    ['of the sliding minute, without a requested wait', 'create', limit(1500), 'requests', 5000],
    ['of the writers in flight', 'create', limit(15), 'concurrency', 250],
    ['of the readers in flight', 'lookup', limit(50), 'concurrency', 250],
    ['of the writers in flight, on an invite', 'invite', limit(15), 'concurrency', 250],
    ['of the sensitive endpoint', 'invite', limit(5), 'endpoint', 180_000],
    ['of a portal that allows five writers', 'create', limit(5), 'concurrency', 250],
    [
      'of the daily window, Retry-After',
      'create',
      { ...limit(10_000), 'retry-after': '7200' },
      'daily',
      7_200_000,
    ],
    [
      'of the daily window, its last seconds',
      'invite',
      { ...limit(10_000), 'retry-after': '30' },
      'daily',
      30_000,
    ],
    [
      'of the daily window, Reset in seconds',
      'create',
      { ...limit(10_000), 'x-ratelimit-reset': `${nowSeconds + 600}` },
      'daily',
      600_000,
    ],
    [
      'of the daily window, Reset in milliseconds',
      'create',
      { ...limit(10_000), 'x-ratelimit-reset': `${now + 600_000}` },
      'daily',
      600_000,
    ],
    ['of the daily window, without a requested wait', 'create', limit(10_000), 'daily', 3_600_000],
    [
      'of a daily window of another size',
      'create',
      { ...limit(400), 'x-ratelimit-reset': `${nowSeconds + 60}` },
      'daily',
      60_000,
    ],
    ['of a long requested wait alone', 'create', { 'retry-after': '3601' }, 'daily', 3_601_000],
    [
      'of the invitations of a day',
      'invite',
      { ...limit(500), 'retry-after': '40000', 'x-ratelimit-reset': `${nowSeconds + 40_000}` },
      'invitations',
      40_000_000,
    ],
    ['of a proxy, nothing said', 'create', {}, 'requests', 5000],
    ['of a proxy, Retry-After', 'create', { 'retry-after': '12' }, 'requests', 12_000],
    [
      'of a proxy, Reset in seconds from now',
      'lookup',
      { ...limit(100), 'x-ratelimit-reset': '20' },
      'requests',
      20_000,
    ],
    [
      'with Retry-After as a date',
      'create',
      { 'retry-after': 'Wed, 01 Jul 2026 10:00:20 GMT' },
      'requests',
      20_000,
    ],
    [
      'with a Retry-After that is no number',
      'create',
      { ...limit(1500), 'retry-after': 'soon' },
      'requests',
      5000,
    ],
    ['with Retry-After 0', 'create', { 'retry-after': '0' }, 'requests', 1000],
    [
      'with a Reset of the past',
      'create',
      { ...limit(10_000), 'x-ratelimit-reset': `${nowSeconds - 5}` },
      'daily',
      1000,
    ],
    [
      'with a Reset in the far future',
      'create',
      { ...limit(10_000), 'x-ratelimit-reset': '99999999999999' },
      'daily',
      90_000_000,
    ],
  ])('%s (%s)', (_what, kind, headers, limiter, waitMs) => {
    expect(limited(kind, headers)).toMatchObject({ kind: 'rate-limited', limiter, waitMs });
  });

  it("is timed by the portal's clock when the portal tells it", () => {
    const headers = {
      ...limit(10_000),
      date: 'Wed, 01 Jul 2026 10:10:00 GMT',
      'x-ratelimit-reset': `${nowSeconds + 660}`,
    };
    expect(limited('create', headers).waitMs).toBe(60_000);
  });

  it('lengthens a requested wait by a tenth at most, and by five seconds at most', () => {
    expect(limited('create', { 'retry-after': '10' }, () => 0.5).waitMs).toBe(10_500);
    expect(limited('create', { 'retry-after': '3000' }, () => 0.5).waitMs).toBe(3_002_500);
  });

  it('spreads the waits that nobody requested', () => {
    expect(limited('create', limit(1500), () => 0.999_999).waitMs).toBe(15_000);
    expect(limited('create', limit(15), () => 0.999_999).waitMs).toBeLessThan(2000);
  });
});
