import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Timings } from '../timings.ts';

/**
 * GET /healthz: 200 while the process lives. GET /readyz: 503 when `isReady` returns false, throws
 * or takes longer than `readyMs`. Both reveal nothing else, so they need no password.
 */
export function buildHealth(isReady: () => Promise<boolean>, { readyMs }: Timings): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const late = new AbortController();
    const answer = Promise.resolve().then(isReady);
    const limit = sleep(readyMs, false, { signal: late.signal });
    const isUp = await Promise.race([answer, limit]).catch(() => false);
    limit.catch(() => undefined);
    late.abort();
    return isUp ? c.text('ready') : c.text('not ready', 503);
  });
  return app;
}
