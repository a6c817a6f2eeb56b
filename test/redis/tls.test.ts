import { createServer } from 'node:tls';
import { expect, test, vi } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { connectRedis } from '../../src/redis/connection/connect.ts';
import { timings } from '../../src/timings.ts';
import { testCertificate, testKey } from '../portal/tls-fixture.ts';
import { listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';

/** A server of somebody in the middle, with a certificate of their own, which keeps what it gets. */
async function foreignServer(): Promise<{ port: number; received: string[] }> {
  const received: string[] = [];
  const server = createServer({ cert: testCertificate, key: testKey }, (socket) => {
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => received.push(text));
  });
  server.on('tlsClientError', () => undefined);
  const port = await listenOn(server);
  onRelease(() => server.close());
  return { port, received };
}

test.each([
  ['rediss', (port: number) => `rediss://onboard:secret@127.0.0.1:${port}`],
  [
    'rediss+sentinel',
    (port: number) => `rediss+sentinel://onboard:secret@127.0.0.1:${port}/people`,
  ],
])(
  'NODE_TLS_REJECT_UNAUTHORIZED=0 gives no password to somebody in the middle of %s',
  async (_, urlOf) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onRelease(() => vi.unstubAllEnvs());
    const { port, received } = await foreignServer();
    const logger = createLogger({ level: 'silent' });
    const quick = { ...timings, redisFirstConnectMs: 1000 };
    const connecting = connectRedis({ url: urlOf(port), role: 'producer', logger, timings: quick });
    await expect(connecting).rejects.toMatchObject({ code: 'E_REDIS_UNREACHABLE' });
    expect(received).toEqual([]);
  },
);
