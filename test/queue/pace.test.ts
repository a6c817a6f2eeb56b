import { expect, test } from 'vitest';
import { BATCH_ID } from '../../src/batch-id.ts';
import { backoffDelayMs } from '../../src/queue/backoff.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { perSecondOf } from '../../src/queue/pace.ts';

test('99 % of the limit is used, and without a limit nothing waits', () => {
  expect(perSecondOf(1500) * 60).toBeCloseTo(1485);
  expect(perSecondOf(1) * 60).toBeCloseTo(0.99);
  expect(perSecondOf(0)).toBe(Number.POSITIVE_INFINITY);
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
