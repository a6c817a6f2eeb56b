import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HttpAnswer } from '../../src/portal/answer.ts';
import type { Portal } from '../../src/portal/client.ts';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { openClient, serve } from '../portal/fake-portal.ts';

/** One request as the portal received it. */
export interface Asked {
  /** `METHOD /path`, below /api/2.0 and without the query. */
  what: string;
  body: string;
}

/** An answer of its own, a connection that is cut, or no answer at all. */
type Reply = HttpAnswer | 'reset' | 'silence';

/** The fault of a request, before or after it takes effect. */
export type Fault = { before: Reply } | { after: Reply };

/** Decides on the fault of a request; a promise makes the portal slow. */
export type Plan = (asked: Asked) => Fault | undefined | Promise<Fault | undefined>;

export interface FaultyPortal {
  /** A client of it, with the sandbox's key. */
  portal: Portal;
  asked: Asked[];
}

/**
 * A server in front of the sandbox that drops, breaks or answers requests as planned, and passes on
 * the rest. Both sides are real HTTP.
 */
export async function faultyPortal(
  sandbox: RunningSandbox,
  plan: Plan = () => undefined,
  options: { requestTimeoutMs?: number } = {},
): Promise<FaultyPortal> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    // A request that is cut while it is read was never made.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const one = { what: whatOf(request), body };
    asked.push(one);
    const fault = await plan(one);
    if (fault !== undefined && 'before' in fault) return reply(response, fault.before);
    const answer = await forward(sandbox, request, one.body);
    reply(response, fault === undefined ? answer : fault.after);
  });
  const url = await serve(server);
  const apiKey = () => sandbox.key;
  const portal = openClient(url, { connections: 20, apiKey, ...options });
  return { portal, asked };
}

function whatOf(request: IncomingMessage): string {
  const path = (request.url ?? '').replace('/api/2.0', '').split('?')[0];
  return `${request.method} ${path}`;
}

async function forward(
  sandbox: RunningSandbox,
  request: IncomingMessage,
  body: string,
): Promise<HttpAnswer> {
  const { authorization } = request.headers;
  const response = await fetch(`${sandbox.url}${request.url}`, {
    method: request.method ?? 'GET',
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === '' ? {} : { body }),
  });
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'date', 'retry-after', 'x-ratelimit-limit']) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return { status: response.status, headers, body: await response.text() };
}

function reply(response: ServerResponse, answer: Reply): void {
  if (answer === 'silence') return;
  if (answer === 'reset') response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}
