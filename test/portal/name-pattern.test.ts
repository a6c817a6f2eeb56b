import { expect, test } from 'vitest';
import { defaultNamePattern } from '../../src/intake/check-name.ts';
import { createPortal } from '../../src/portal/client.ts';
import { namePatternOf } from '../../src/portal/name-pattern.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { onRelease } from '../support/resources.ts';

function portalAt(url: string) {
  const portal = createPortal({
    baseUrl: new URL(url),
    apiKey: () => '',
    requestTimeoutMs: 2000,
    connections: 1,
    timings,
    now: Date.now,
    random: Math.random,
    logger: silent,
  });
  onRelease(() => portal.close());
  return portal;
}

test("the stock portal's pattern is ours, and is asked for without a key", async () => {
  const sandbox = await startSandbox();
  onRelease(() => sandbox.close());
  const pattern = await namePatternOf(portalAt(sandbox.url), timings);
  expect(pattern?.source).toBe(defaultNamePattern.source);
  expect(pattern?.flags).toBe('u');
  expect(sandbox.state().requests).toMatchObject({ 'GET /api/2.0/settings 200': 1 });
});

test('a portal that does not answer leaves the choice to intake', async () => {
  const portal = portalAt('http://127.0.0.1:9');
  expect(await namePatternOf(portal, timings)).toBeUndefined();
  expect(portal.clock()).toBeUndefined();
});

test("every answer tells the portal's clock, a refusal too", async () => {
  const portalNow = Date.UTC(2026, 6, 1, 12, 0, 0);
  const read = { error500Before: 1 };
  const sandbox = await startSandbox({ now: () => portalNow, faults: { read } });
  onRelease(() => sandbox.close());
  const portal = portalAt(sandbox.url);
  expect(await namePatternOf(portal, timings)).toBeUndefined();
  const clock = portal.clock() ?? 0;
  expect(clock).toBeGreaterThanOrEqual(portalNow);
  expect(clock).toBeLessThan(portalNow + 10_000);
});
