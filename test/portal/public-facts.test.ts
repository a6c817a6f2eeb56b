import { expect, test } from 'vitest';
import { defaultNamePattern } from '../../src/intake/cell-rules.ts';
import { createPortal } from '../../src/portal/client.ts';
import { readPublicFacts } from '../../src/portal/public-facts.ts';
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
  const { namePattern } = await readPublicFacts(portalAt(sandbox.url), timings);
  expect(namePattern?.source).toBe(defaultNamePattern.source);
  expect(namePattern?.flags).toBe('u');
  expect(sandbox.state().requests).toMatchObject({ 'GET /api/2.0/settings 200': 1 });
});

test('a portal that does not answer leaves the choice to intake', async () => {
  const portal = portalAt('http://127.0.0.1:9');
  const nothing = { namePattern: undefined, portalNow: undefined };
  expect(await readPublicFacts(portal, timings)).toEqual(nothing);
});

test("every answer tells the portal's clock, a refusal too", async () => {
  const portalNow = Date.UTC(2026, 6, 1, 12, 0, 0);
  const read = { error500Before: 1 };
  const sandbox = await startSandbox({ now: () => portalNow, faults: { read } });
  onRelease(() => sandbox.close());
  const portal = portalAt(sandbox.url);
  const { namePattern, portalNow: clock = 0 } = await readPublicFacts(portal, timings);
  expect(namePattern).toBeUndefined();
  expect(clock).toBeGreaterThanOrEqual(portalNow);
  expect(clock).toBeLessThan(portalNow + 10_000);
});
