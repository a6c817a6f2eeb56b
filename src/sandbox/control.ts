import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { OnboardError } from '../errors.ts';
import { parseFaults } from './faults.ts';
import { changeFaults, type Portal } from './portal.ts';

const LOOPBACK = /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/;

/**
 * GET and POST /__sandbox/faults: what is in force, and changing it while the portal runs. For
 * callers on this machine only; no key, no limiter and no fault stands before it.
 */
export function faultControls(portal: Portal): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (isLoopback(getConnInfo(context).remote.address)) return next();
    return refusal(context, 403, 'Faults are set from the machine of the sandbox only.');
  });
  app.get('/', (context) => context.json(portal.conditions.faults));
  app.post('/', async (context) => change(portal, context));
  app.all('/', (context) => refusal(context, 405, 'Use GET or POST for the faults.'));
  return app;
}

/** Whether an address of a peer is this machine: 127.0.0.0/8, also mapped into IPv6, or ::1. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && LOOPBACK.test(address);
}

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
