import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { createPortal, type Portal, type PortalOptions } from '../../src/portal/client.ts';
import { measure } from '../../src/portal/invite-body.ts';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';
import { accountDto, envelope } from './answers.ts';

export const key = 'sk-0123456789abcdef0123456789abcdef';
export const ana = {
  email: 'ana@example.com',
  firstName: 'Ana',
  lastName: '',
  type: 'User',
} as const;

/** An invite of people with these e-mails, read in slices of two. */
export function inviteOf(emails: readonly string[], culture?: string) {
  return measure({ people: emails.length, emails: () => twoByTwo(emails), type: 'All', culture });
}

async function* twoByTwo(emails: readonly string[]): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < emails.length; at += 2) yield emails.slice(at, at + 2);
}

/** One request as a fake portal received it. */
export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Serves on a free loopback port until the test ends, then cuts open connections. */
export async function serve(server: Server): Promise<URL> {
  const port = await listenOn(server);
  onRelease(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return new URL(`http://127.0.0.1:${port}`);
}

/** A server that handles every request with the given function. */
export function fakePortal(listener: RequestListener): Promise<URL> {
  return serve(createServer(listener));
}

/** A server with one answer for everything, and the list of its requests. */
export async function recordingPortal(answer: {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}): Promise<{ url: URL; received: Received[] }> {
  const received: Received[] = [];
  const url = await fakePortal(async (request, response) => {
    const { method, headers } = request;
    received.push({ method, url: request.url, headers, body: await text(request) });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return { url, received };
}

/** A client with two connections and the real clock, closed after the test. */
export function openClient(baseUrl: URL, change: Partial<PortalOptions> = {}): Portal {
  const portal = createPortal({
    baseUrl,
    apiKey: () => key,
    requestTimeoutMs: 5000,
    connections: 2,
    timings,
    now: Date.now,
    random: () => 0,
    logger: createLogger({ level: 'silent' }),
    ...change,
  });
  onRelease(() => portal.close());
  return portal;
}

/** A client of a portal with one answer for everything, and the first request that it sent. */
export async function asked(answer = envelope(accountDto)) {
  const { url, received } = await recordingPortal(answer);
  const first = () => {
    const [request] = received;
    if (request === undefined) throw new Error('nothing was asked');
    return request;
  };
  return { portal: openClient(url), received, first };
}
