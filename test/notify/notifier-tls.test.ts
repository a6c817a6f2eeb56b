import { createServer } from 'node:https';
import { expect, test, vi } from 'vitest';
import { createNotifier } from '../../src/notify/notifier.ts';
import { timings } from '../../src/timings.ts';
import { testCertificate, testKey } from '../portal/tls-fixture.ts';
import { listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';

test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not let somebody in the middle read a notification', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onRelease(() => vi.unstubAllEnvs());
  const received: unknown[] = [];
  const server = createServer({ cert: testCertificate, key: testKey }, (request, response) => {
    received.push(request.url);
    response.end();
  });
  const port = await listenOn(server);
  onRelease(() => server.close());
  const notifier = createNotifier({ secret: () => undefined, timings, now: Date.now });
  onRelease(() => notifier.close());
  const url = `https://127.0.0.1:${port}/services/T0SECRET`;
  const delivery = await notifier.send({ url, body: '{}', id: 'n' });
  expect([delivery.kind, received]).toEqual(['not-delivered', []]);
});
