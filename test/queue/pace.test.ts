import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_ID } from '../../src/batch-id.ts';
import { backoffDelayMs } from '../../src/queue/backoff.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { paceOf, startsPerSecond } from '../../src/queue/pace.ts';

test('1,500 requests a minute become windows of 5 starts, at 98 %', () => {
  const pace = paceOf(1500);
  expect(pace).toEqual({ max: 5, durationMs: 205 });
  expect(startsPerSecond(pace) * 60).toBeGreaterThan(1500 * 0.97);
});

test('a pace never allows more than the limit, and at least 90 % of what is sensible', () => {
  const limits = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(limits, (requestsPerMinute) => {
      const perMinute = startsPerSecond(paceOf(requestsPerMinute)) * 60;
      expect(perMinute).toBeLessThanOrEqual(requestsPerMinute * 0.98 + 1e-9);
      expect(perMinute).toBeGreaterThan(requestsPerMinute * 0.9);
    }),
  );
});

test('no limit is a limit that nobody reaches, because a pause needs one', () => {
  expect(startsPerSecond(paceOf(0))).toBeGreaterThan(100_000);
});

const defaults = { backoffMs: 1000, backoffMaxMs: 60_000 };

test.each([
  [1, 1000],
  [2, 2000],
  [6, 32_000],
  [7, 60_000],
  [100, 60_000],
])('after attempt %i the wait is at most %i ms and at least half of it', (attempt, most) => {
  expect(backoffDelayMs(attempt, { ...defaults, random: () => 0 })).toBe(most / 2);
  expect(backoffDelayMs(attempt, { ...defaults, random: () => 0.999999 })).toBe(most);
});

test('job ids are pure functions that BullMQ accepts', () => {
  const ref = { batch: 'b1', round: 2, row: 3 };
  const ids = [childId(ref), parentId('b1', 2), sealId('b1', 2)];
  expect(ids).toEqual(['b1.2.3', 'b1.2', 'b1.2.seal']);
  for (const id of ids) expect(id).toMatch(/^[^:]*[a-z][^:]*$/);
});

test.each(['1a', '', 'a:b', 'a b', 'a.b', `a${'x'.repeat(64)}`])('%j is no batch id', (id) => {
  expect(BATCH_ID.test(id)).toBe(false);
});
