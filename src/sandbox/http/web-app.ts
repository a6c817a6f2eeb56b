import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import type { Portal } from '../stand-in-portal.ts';
import { controls } from './control.ts';
import { deliver } from './deliver-reply.ts';
import { endpointOf } from './endpoints.ts';
import { answer } from './pipeline.ts';
import type { Reply } from './replies.ts';
import type { Exchange } from './server-exchange.ts';

const API = '/api/2.0';
const PAGE = '<!doctype html><html><head><title>DocSpace</title></head><body></body></html>';

type App = { Bindings: HttpBindings };

/** Builds the web application of the portal, without listening. */
export function buildApp(portal: Portal): Hono<App> {
  const app = new Hono<App>();
  app.route('/__sandbox', controls(portal));
  app.all('*', async (context) => {
    const url = new URL(context.req.url);
    const path = url.pathname.toLowerCase().replace(/\/+$/, '');
    if (path === API || path.startsWith(`${API}/`)) return respond(portal, context, { url, path });
    portal.journal.answered(context.req.method, '/*', 200);
    // The front proxy sends every other path to the single-page app (P-PROXY-03).
    return context.html(PAGE);
  });
  return app;
}

interface Target {
  url: URL;
  /** Lower-case path without a trailing slash. */
  path: string;
}

async function respond(
  portal: Portal,
  context: Context<App>,
  { url, path }: Target,
): Promise<Response> {
  const startedAt = portal.now();
  const { method } = context.req;
  const endpoint = endpointOf(`${method} ${path}`, portal.conditions.traits);
  const reply = await answer(openExchange(portal, context, { url, endpoint }));
  const status = reply.wire === 'reset' ? 'reset' : reply.status;
  portal.journal.answered(method, endpoint === undefined ? `${API}/*` : path, status);
  const headers = { ...reply.headers, ...commonHeaders(portal, startedAt, reply) };
  return deliver({ ...reply, headers }, context.env);
}

function openExchange(
  portal: Portal,
  context: Context<App>,
  { url, endpoint }: Pick<Exchange, 'url' | 'endpoint'>,
): Exchange {
  return {
    portal,
    request: context.req.raw,
    url,
    endpoint,
    peer: getConnInfo(context).remote.address ?? 'unknown',
    link: { href: context.req.url, action: context.req.method },
    caller: undefined,
    body: undefined,
    bytes: undefined,
    email: undefined,
    fault: undefined,
    reply: undefined,
    release: () => undefined,
  };
}

/** Date follows the portal's own clock, like registration dates (P-DATE-03). */
function commonHeaders(portal: Portal, startedAt: number, reply: Reply): Reply['headers'] {
  const endedAt = portal.now();
  const date = { Date: new Date(endedAt).toUTCString() };
  if (reply.isFromProxy) return date;
  return {
    ...date,
    'Server-Timing': `aspnetcore-request-time;dur=${endedAt - startedAt}ms`,
    'api-supported-versions': '2.0',
  };
}
