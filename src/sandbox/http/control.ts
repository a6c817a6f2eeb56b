import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { OnboardError } from '../../errors.ts';
import { isLocalRequest, isLoopback } from '../../loopback.ts';
import { parseFaults } from '../faults/faults.ts';
import { stateOf } from '../sandbox-state.ts';
import type { Portal } from '../stand-in-portal.ts';

/**
 * Serves the paths below /__sandbox: GET state (all data of the portal, also e-mails), GET and POST
 * faults (the current faults, and changes while the portal runs). Only callers on this machine are
 * served, without a key, a limiter or a fault.
 */
export function controls(portal: Portal): Hono {
  const app = new Hono();
  app.use(fromLoopbackOnly);
  app.get('/state', (context) => context.json(stateOf(portal)));
  app.all('/state', (context) => refusal(context, 405, 'Use GET for the state.'));
  app.get('/faults', (context) => context.json(portal.conditions.faults));
  app.post('/faults', async (context) => change(portal, context));
  app.all('/faults', (context) => refusal(context, 405, 'Use GET or POST for the faults.'));
  return app;
}

/** A page elsewhere may make a browser of this machine ask; it then has an origin of its own. */
const fromLoopbackOnly: MiddlewareHandler = async (context, next) => {
  const headers = context.req.header();
  const { host, origin = `http://${host}` } = headers;
  const isOwn = origin === `http://${host}` && headers['sec-fetch-site'] !== 'cross-site';
  const isLocal = isLoopback(getConnInfo(context).remote.address ?? '');
  if (isLocal && isOwn && isLocalRequest(headers)) return next();
  return refusal(context, 403, 'Call state and faults from the machine of the sandbox.');
};

async function change(portal: Portal, context: Context): Promise<Response> {
  try {
    portal.conditions.change(parseFaults(await context.req.text()));
  } catch (error) {
    if (error instanceof OnboardError) return refusal(context, 400, error.message);
    throw error;
  }
  return context.json(portal.conditions.faults);
}

function refusal(context: Context, status: 400 | 403 | 405, message: string): Response {
  return context.json({ error: { message } }, status);
}
