import { expect, test } from 'vitest';
import { waitFields, waitText } from '../../src/commands/text/stop-text.ts';
import { extendQueueWait, noteOutage } from '../../src/ledger/stops/waits.ts';
import { currentWaits } from '../../src/overview/current-waits.ts';
import { shortTime, zonedTime } from '../../src/zoned-time.ts';
import { openSpace } from '../ledger/fill.ts';

const HOUR_MS = 3_600_000;

test('a wait names its limiter and its end, once for both queues', async () => {
  const ledger = openSpace();
  const now = Date.now();
  for (const queue of ['create-user', 'invite']) {
    await extendQueueWait(ledger, { queue, limiter: 'daily', waitMs: 2 * HOUR_MS });
  }
  const waits = await currentWaits(ledger, now);
  expect(waits).toMatchObject([{ kind: 'requested', code: 'daily' }]);
  const [text] = waits.map((wait) => waitText(wait, now));
  expect(text).toMatch(
    /^daily write limit of the portal: continues at (\S+ )?\d\d:\d\d(Z|[+-]\d\d:\d\d)$/,
  );
  const [wait] = waits;
  const leftMs = (wait?.kind === 'requested' ? wait.until : 0) - now;
  expect(leftMs).toBeGreaterThan(2 * HOUR_MS - 10_000);
  expect(leftMs).toBeLessThanOrEqual(2 * HOUR_MS);
});

test('a short wait is not shown, and an outage is, with its cause', async () => {
  const ledger = openSpace();
  await extendQueueWait(ledger, { queue: 'invite', limiter: 'concurrency', waitMs: 900 });
  expect(await currentWaits(ledger, Date.now())).toEqual([]);
  await noteOutage(ledger, { code: 'host-not-found', firstMs: 100, mostMs: 100, random: 1 });
  const [outage] = (await currentWaits(ledger, Date.now())).map((wait) => waitFields(wait, 0));
  const text = expect.stringContaining('host-not-found');
  expect(outage).toEqual({ code: 'outage', until: null, text });
});

test.each([
  ['proxy-unreachable', 'the proxy of HTTPS_PROXY cannot be reached'],
  ['proxy-gateway', 'the proxy of HTTPS_PROXY does not reach the portal'],
  ['web-page', 'a web page comes in place of an answer'],
])('an outage that is none of the portal (%s) is shown in words', (reason, words) => {
  expect(waitText({ kind: 'outage', reason, since: 0 }, 0)).toContain(`(${reason}: ${words})`);
});

test('times have their zone: the time of day, with the date on another day, with seconds when near', () => {
  const noon = new Date(2026, 6, 1, 12, 0, 0).getTime();
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(zonedTime(noon))?.[0];
  expect(shortTime(noon + 2 * HOUR_MS + 300_000, noon)).toBe(`14:05${zone}`);
  expect(shortTime(noon + 30_000, noon)).toBe(`12:00:30${zone}`);
  expect(shortTime(noon + 26 * HOUR_MS, noon)).toBe(`2026-07-02 14:00${zone}`);
});
