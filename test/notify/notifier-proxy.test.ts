import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { createNotifier } from '../../src/notify/notifier.ts';
import { timings } from '../../src/timings.ts';
import { namedCertificate } from '../portal/tls-fixture.ts';
import { NAMED, startConnectProxy, startTlsFront } from '../support/connect-proxy.ts';
import { freePort, listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';

async function receiver(): Promise<{ port: number; bodies: number }> {
  const seen = { port: 0, bodies: 0 };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      seen.bodies += 1;
      response.writeHead(204).end();
    });
  });
  seen.port = await listenOn(server);
  onRelease(() => {
    server.closeAllConnections();
    server.close();
  });
  return seen;
}

function notifierThrough(https: string, ca?: string) {
  const settings = { secret: () => undefined, now: Date.now, timings, ca };
  const notifier = createNotifier({ ...settings, proxies: { https } });
  onRelease(() => notifier.close());
  return (url: string) => notifier.send({ url, body: '{}', id: 'n.1' });
}

test('a notification goes through the proxy, except to this machine', async () => {
  const target = await receiver();
  const front = await startTlsFront(target.port);
  const proxy = await startConnectProxy({ names: { [`${NAMED}:443`]: front } });
  const send = notifierThrough(`http://127.0.0.1:${proxy.port}`, namedCertificate);
  expect(await send(`https://${NAMED}/hook`)).toEqual({ kind: 'delivered' });
  expect(await send(`http://127.0.0.1:${target.port}/hook`)).toEqual({ kind: 'delivered' });
  expect([target.bodies, proxy.asked]).toEqual([2, [`${NAMED}:443`]]);
});

test('a proxy that fails is named, and the notification is tried again', async () => {
  const proxy = await startConnectProxy({ names: {}, login: 'a:b' });
  const away = notifierThrough(`http://127.0.0.1:${await freePort()}`);
  const locked = notifierThrough(`http://127.0.0.1:${proxy.port}`);
  const url = `https://${NAMED}/hook`;
  expect(await away(url)).toMatchObject({ kind: 'not-delivered', code: 'proxy-unreachable' });
  expect(await locked(url)).toMatchObject({ kind: 'not-delivered', code: 'proxy-http-407' });
});
