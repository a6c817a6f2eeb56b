import { describe, expect, it } from 'vitest';
import { timings } from '../../src/timings.ts';
import { buildHealth } from '../../src/web/health.ts';

describe('buildHealth', () => {
  it('says that the process lives, whatever Redis does', async () => {
    const app = buildHealth(() => Promise.reject(new Error('down')), timings);
    expect((await app.request('/healthz')).status).toBe(200);
  });

  it('is ready when Redis answers', async () => {
    const app = buildHealth(() => Promise.resolve(true), timings);
    const response = await app.request('/readyz');
    expect([response.status, await response.text()]).toEqual([200, 'ready']);
  });

  it.each([
    ['says no', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('redis://secret'))],
    [
      'throws',
      () => {
        throw new Error('redis://secret');
      },
    ],
    ['never answers', () => new Promise<boolean>(() => undefined)],
  ])('is not ready, without detail, when the check %s', async (_, isReady) => {
    const response = await buildHealth(isReady, { ...timings, readyMs: 200 }).request('/readyz');
    expect([response.status, await response.text()]).toEqual([503, 'not ready']);
  });
});
