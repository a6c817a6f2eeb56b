import { createServer, type IncomingMessage } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { namedCertificate, namedKey } from '../portal/tls-fixture.ts';
import { listenOn } from './ports.ts';
import { onRelease } from './resources.ts';

/** A name that only the proxy of a test resolves, with the certificate of tls-fixture.ts. */
export const NAMED = 'portal.example.test';

/** A proxy that takes nothing but CONNECT. */
export interface ConnectProxy {
  port: number;
  /** Hosts that were asked for, with their ports. */
  asked: string[];
}

interface Settings {
  /** Loopback ports of the names that the proxy resolves; others are answered with 502. */
  names: Readonly<Record<string, number>>;
  /** `user:password` that it wants. */
  login?: string;
  /** Status for everybody, such as 403. */
  refuses?: number;
}

/** Listens on loopback until the test ends. */
export async function startConnectProxy(settings: Settings): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, near: Socket) => {
    const host = request.url ?? '';
    asked.push(host);
    const status = statusOf(request, settings);
    const port = settings.names[host];
    if (status !== 200 || port === undefined) {
      near.end(`HTTP/1.1 ${status === 200 ? 502 : status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const far = createConnection(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.write('HTTP/1.1 200 Connection established\r\n\r\n');
    near.pipe(far);
    far.pipe(near);
  });
  const port = await listenOn(server);
  onRelease(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { port, asked };
}

function statusOf({ headers }: IncomingMessage, { login, refuses = 200 }: Settings): number {
  if (login === undefined) return refuses;
  const wanted = `Basic ${Buffer.from(login).toString('base64')}`;
  return headers['proxy-authorization'] === wanted ? refuses : 407;
}

/** TLS in front of a plain server, under the name of the tests; returns its port. */
export async function startTlsFront(target: number): Promise<number> {
  const server = createTlsServer({ cert: namedCertificate, key: namedKey }, (near) => {
    const far = createConnection(target, '127.0.0.1');
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  });
  server.on('tlsClientError', () => undefined);
  const port = await listenOn(server);
  onRelease(() => server.close());
  return port;
}
