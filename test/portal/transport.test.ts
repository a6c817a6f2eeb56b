import { EventEmitter, once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Portal } from '../../src/portal/client.ts';
import { freePort, listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';
import { accountDto, envelope } from './answers.ts';
import { ana, fakePortal, inviteOf, openClient, serve } from './fake-portal.ts';
import { testCertificate, testKey } from './tls-fixture.ts';

const create = (portal: Portal) => portal.createPerson(ana);
const whole = envelope(accountDto).body;
const json = { 'content-type': 'application/json' };

/** A TCP server, for answers that node:http cannot write. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onSocket(socket);
  });
  const port = await listenOn(server);
  onRelease(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return new URL(`http://127.0.0.1:${port}`);
}

describe('after sending, the outcome is unknown', () => {
  it('when no answer comes in time', async () => {
    const url = await fakePortal(() => undefined);
    const verdict = await create(openClient(url, { requestTimeoutMs: 100 }));
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'timeout' });
  });

  it('when the body stalls half-way', async () => {
    const url = await fakePortal((_request, response) => {
      response.writeHead(200, json).write(whole.slice(0, 50));
    });
    const verdict = await create(openClient(url, { requestTimeoutMs: 100 }));
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'timeout' });
  });

  it('when the connection is reset before the body is read', async () => {
    const url = await fakePortal((request) => request.socket.resetAndDestroy());
    expect(await create(openClient(url))).toMatchObject({ kind: 'unknown', code: 'reset' });
  });

  it('when the connection is closed after the body was read', async () => {
    const url = await fakePortal((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    expect(await create(openClient(url))).toMatchObject({ kind: 'unknown', code: 'reset' });
  });

  it.each([
    ['content length', { ...json, 'content-length': '5000' }],
    ['chunks', json],
  ])('when an answer with %s breaks off', async (_what, headers) => {
    const url = await fakePortal((request, response) => {
      response.writeHead(200, headers).write(whole.slice(0, 50), () => request.socket.destroy());
    });
    expect(await create(openClient(url))).toMatchObject({ kind: 'unknown', code: 'truncated' });
  });

  it('when an answer of no known length is cut short', async () => {
    const url = await rawServer((socket) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n';
      socket.once('data', () => socket.end(`${head}${whole.slice(0, 50)}`));
    });
    expect(await create(openClient(url))).toMatchObject({ kind: 'unknown', code: 'not-json' });
  });

  it('when the answer is no HTTP', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.end('+PONG\r\n')));
    expect(await create(openClient(url))).toMatchObject({ kind: 'unknown', code: 'reset' });
  });

  it('when the caller gives up', async () => {
    const caller = new AbortController();
    const url = await fakePortal(() => caller.abort());
    const verdict = await openClient(url).createPerson(ana, { signal: caller.signal });
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'aborted' });
  });
});

describe('before sending, there was no effect', () => {
  it('when the port is closed', async () => {
    const url = new URL(`http://127.0.0.1:${await freePort()}`);
    const verdict = await create(openClient(url));
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'connection-refused' });
    expect(verdict).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('when the host has no address', async () => {
    // A label of more than 63 letters fails before any DNS query.
    const verdict = await create(openClient(new URL(`http://${'x'.repeat(64)}.invalid`)));
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'host-not-found' });
  });

  it('when a plain server answers the TLS handshake', async () => {
    const url = await fakePortal(() => undefined);
    const verdict = await create(openClient(new URL(`https://${url.host}`)));
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'tls-failed' });
  });

  it('when the connection is cut during the TLS handshake', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.destroy()));
    const verdict = await create(openClient(new URL(`https://${url.host}`)));
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'network-failed' });
  });

  it('when the deadline passes in the wait for a connection, and nothing is sent later', async () => {
    let requests = 0;
    const gate = new EventEmitter();
    const url = await fakePortal(async (_request, response) => {
      requests += 1;
      await once(gate, 'open');
      response.writeHead(200, json).end(whole);
    });
    const portal = openClient(url, { connections: 1, requestTimeoutMs: 300 });
    const crowd = await inviteOf(Array.from({ length: 300 }, () => 'a@b.c'));
    const first = portal.invite(crowd);
    const second = await create(portal);
    expect(second).toMatchObject({ kind: 'unreachable', code: 'not-sent' });
    gate.emit('open');
    await first;
    await portal.close();
    expect(requests).toBe(1);
  });

  it('when the caller has given up already', async () => {
    const url = await fakePortal(() => undefined);
    const verdict = await openClient(url).createPerson(ana, { signal: AbortSignal.abort() });
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'not-sent' });
  });

  it('when the client is closed', async () => {
    const portal = openClient(await fakePortal(() => undefined));
    await portal.close();
    expect(await create(portal)).toMatchObject({ kind: 'unreachable', code: 'not-sent' });
  });
});

describe('TLS', () => {
  const secure = async () => {
    const options = { cert: testCertificate, key: testKey };
    const server = createTlsServer(options, (_request, response) => {
      response.writeHead(200, json).end(whole);
    });
    return new URL(`https://${(await serve(server)).host}`);
  };

  it('holds on a certificate that nobody vouches for', async () => {
    const verdict = await create(openClient(await secure()));
    expect(verdict).toMatchObject({ kind: 'stopped', code: 'certificate-refused' });
    expect(verdict).toMatchObject({ reason: expect.stringContaining('SELF_SIGNED') });
  });

  it('holds on a certificate for another host', async () => {
    const url = new URL(`https://localhost:${(await secure()).port}`);
    const verdict = await create(openClient(url, { ca: testCertificate }));
    expect(verdict).toMatchObject({ kind: 'stopped', code: 'certificate-refused' });
  });

  it('works with the authority that the caller names', async () => {
    const verdict = await create(openClient(await secure(), { ca: testCertificate }));
    expect(verdict).toMatchObject({ kind: 'ok' });
  });
});

describe('connections', () => {
  it('stay within the number allowed, whatever is asked at once', async () => {
    let inFlight = 0;
    let most = 0;
    const url = await fakePortal((_request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setImmediate(() => {
        inFlight -= 1;
        response.writeHead(200, json).end(whole);
      });
    });
    const portal = openClient(url, { connections: 3 });
    const verdicts = await Promise.all(Array.from({ length: 40 }, () => create(portal)));
    expect(verdicts.every((verdict) => verdict.kind === 'ok')).toBe(true);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('are closed only after the requests in flight have ended', async () => {
    const url = await fakePortal((_request, response) => {
      setTimeout(() => response.writeHead(200, json).end(whole), 50);
    });
    const portal = openClient(url);
    const pending = create(portal);
    await portal.close();
    expect(await pending).toMatchObject({ kind: 'ok' });
  });
});
