import { expect, test } from 'vitest';
import { askPortal } from '../../src/commands/portal-told.ts';
import { defaultNamePattern } from '../../src/intake/check-name.ts';
import { createPortal } from '../../src/portal/client.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { onRelease } from '../support/resources.ts';
import { silent } from '../support/world.ts';

function portalAt(url: string) {
  const portal = createPortal({
    baseUrl: new URL(url),
    apiKey: () => '',
    requestTimeoutMs: 2000,
    connections: 1,
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
  const { namePattern: pattern } = await askPortal(portalAt(sandbox.url), () => 0);
  expect(pattern?.source).toBe(defaultNamePattern.source);
  expect(pattern?.flags).toBe('u');
  expect(sandbox.state().requests).toMatchObject({ 'GET /api/2.0/settings 200': 1 });
});

test('a portal that does not answer leaves the choice to intake', async () => {
  const told = await askPortal(portalAt('http://127.0.0.1:9'), () => 0);
  expect(told.namePattern).toBeUndefined();
  expect(told.clock()).toBeUndefined();
});

test("the portal's clock goes on from what it told, by a clock that nobody sets", async () => {
  const portalNow = Date.UTC(2026, 6, 1, 12, 0, 0);
  const sandbox = await startSandbox({ now: () => portalNow });
  onRelease(() => sandbox.close());
  let ticks = 500;
  const { clock } = await askPortal(portalAt(sandbox.url), () => ticks);
  ticks += 1500;
  expect(clock()).toBe(portalNow + 1500);
});
