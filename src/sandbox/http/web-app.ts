import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { Portal } from '../stand-in-portal.ts';
import { controls } from './control.ts';
import { routeOf } from './endpoints.ts';
import { answer } from './pipeline.ts';
import type { Reply } from './replies.ts';

const API = '/api/2.0';
const PAGE = '<!doctype html><html><head><title>DocSpace</title></head><body></body></html>';

type App = { Bindings: HttpBindings };

/** Builds the web application of the portal, without listening. */
export function buildApp(portal: Portal): Hono<App> {
  const app = new Hono<App>();
  app.route('/__sandbox', controls(portal));
  app.all('*', async (context) => {
    const url = new URL(context.req.url);
    if (/^\/api\/2\.0(\/|$)/i.test(url.pathname)) return respond(portal, context, url);
    portal.journal.answered(context.req.method, '/*', 200);
    // The front proxy sends every other path to the single-page app (P-PROXY-03).
    return context.html(PAGE);
  });
  return app;
}

async function respond(portal: Portal, context: Context<App>, url: URL): Promise<Response> {
  const path = url.pathname.toLowerCase().replace(/\/+$/, '');
  const startedAt = portal.now();
  const { method, raw: request } = context.req;
  const route = routeOf(method, path.slice(API.length), portal.conditions.traits);
  const { endpoint, parameter } = route ?? {};
  const peer = getConnInfo(context).remote.address ?? 'unknown';
  const link = { href: context.req.url, action: method };
  const release = (): void => undefined;
  const life = portal.life.signal;
  const called = { portal, request, url, endpoint, parameter, peer, link, life, release };
  const reply = await answer(called);
  const status = reply.wire === 'reset' ? 'reset' : reply.status;
  portal.journal.answered(method, `${API}${route?.path ?? '/*'}`, status);
  const endedAt = portal.now();
  const ofPortal = {
    'Server-Timing': `aspnetcore-request-time;dur=${endedAt - startedAt}ms`,
    'api-supported-versions': '2.0',
  };
  // Date follows the portal's own clock, like registration dates (P-DATE-03).
  const common = { Date: new Date(endedAt).toUTCString(), ...(!reply.isFromProxy && ofPortal) };
  return deliver({ ...reply, headers: { ...reply.headers, ...common } }, context.env);
}

/** Sends a reply, or resets or cuts the connection as the reply demands. */
function deliver(reply: Reply, { incoming, outgoing }: HttpBindings): Response {
  const { status, headers, body } = reply;
  if (reply.wire === undefined) return new Response(body === '' ? null : body, { status, headers });
  if (reply.wire === 'reset') {
    incoming.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  }
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { ...headers, 'Content-Length': bytes.byteLength });
  // Waits until the first half is sent: destroying the socket drops its buffer.
  outgoing.write(bytes.subarray(0, bytes.byteLength >> 1), () => incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
