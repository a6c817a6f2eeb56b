import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { type ListenOptions, listen } from '../../src/web/listen.ts';
import { onRelease } from '../support/resources.ts';

const app = new Hono()
  .get('/', (c) => c.text('board'))
  .get('/slow', () => new Promise(() => undefined));

async function started(options: Partial<ListenOptions> = {}) {
  const server = await listen({ name: 'console', app, host: '127.0.0.1', port: 0, ...options });
  onRelease(() => server.close());
  return server;
}

describe('listen', () => {
  it.each(['127.0.0.1', 'localhost', '0.0.0.0'])('listens on %s and tells where', async (host) => {
    const { url } = await started({ host });
    expect(url).toMatch(/^http:\/\/(127\.0\.0\.1|localhost):\d+$/);
    expect(await (await fetch(url)).text()).toBe('board');
  });

  it('names a port that is taken and the way out', async () => {
    const port = Number(new URL((await started()).url).port);
    await expect(started({ port })).rejects.toMatchObject({
      code: 'E_PORT_IN_USE',
      message: expect.stringMatching(`127.0.0.1:${port}.*CONSOLE_PORT`),
    });
  });

  it('refuses a host that is not of this machine', async () => {
    await expect(started({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('CONSOLE_HOST'),
    });
  });

  it('closes at once, though a request hangs, and may be closed again', async () => {
    const { url, close } = await started();
    const hanging = fetch(`${url}/slow`).catch(() => 'cut');
    await fetch(url);
    await close();
    await close();
    expect(await hanging).toBe('cut');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});
