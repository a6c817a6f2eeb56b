import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { OnboardError } from '../errors.ts';
import { isLoopback } from '../loopback.ts';
import { parseFaults } from './faults.ts';
import { changeFaults, type Portal } from './portal.ts';
import { stateOf } from './state.ts';

/**
 * What is below /__sandbox: GET state, everything that the portal knows, e-mails too; GET and POST
 * faults, what is in force, and changing it while the portal runs. For callers on this machine
 * only; no key, no limiter and no fault stands before it.
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

const fromLoopbackOnly: MiddlewareHandler = async (context, next) => {
  if (isLoopback(getConnInfo(context).remote.address ?? '')) return next();
  return refusal(context, 403, 'State and faults are for the machine of the sandbox only.');
};

async function change(portal: Portal, context: Context): Promise<Response> {
  try {
    changeFaults(portal, parseFaults(await context.req.text()));
  } catch (error) {
    if (error instanceof OnboardError) return refusal(context, 400, error.message);
    throw error;
  }
  return context.json(portal.conditions.faults);
}

function refusal(context: Context, status: 400 | 403 | 405, message: string): Response {
  return context.json({ error: { message } }, status);
}
