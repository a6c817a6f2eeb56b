import { expect, test } from 'vitest';
import { clockTime, readWaits } from '../../src/commands/waits.ts';
import { noteOutage, pauseQueue } from '../../src/ledger/pauses.ts';
import { openSpace } from '../ledger/fill.ts';

const HOUR_MS = 3_600_000;

test('a wait tells its limiter and when it is over, once for both queues', async () => {
  const ledger = openSpace();
  const now = Date.now();
  for (const queue of ['create-user', 'invite']) {
    await pauseQueue(ledger, { queue, limiter: 'daily', waitMs: 2 * HOUR_MS });
  }
  const [wait, ...rest] = await readWaits(ledger, now);
  expect(rest).toEqual([]);
  expect(wait?.text).toMatch(/^daily write limit of the portal: continues at (\S+ )?\d\d:\d\d$/);
  const leftMs = Date.parse(wait?.until ?? '') - now;
  expect(leftMs).toBeGreaterThan(2 * HOUR_MS - 10_000);
  expect(leftMs).toBeLessThanOrEqual(2 * HOUR_MS);
});

test('a moment is not told, and an outage is, with its cause', async () => {
  const ledger = openSpace();
  await pauseQueue(ledger, { queue: 'invite', limiter: 'concurrency', waitMs: 900 });
  expect(await readWaits(ledger, Date.now())).toEqual([]);
  await noteOutage(ledger, { code: 'host-not-found', firstMs: 100, mostMs: 100, random: 1 });
  const [outage] = await readWaits(ledger, Date.now());
  expect(outage).toMatchObject({ code: 'outage', until: null });
  expect(outage?.text).toContain('host-not-found');
});

test('times are local: the time of day, with the date on another day, with seconds when near', () => {
  const noon = new Date(2026, 6, 1, 12, 0, 0).getTime();
  expect(clockTime(noon + 2 * HOUR_MS + 300_000, noon)).toBe('14:05');
  expect(clockTime(noon + 30_000, noon)).toBe('12:00:30');
  expect(clockTime(noon + 26 * HOUR_MS, noon)).toBe('2026-07-02 14:00');
});
