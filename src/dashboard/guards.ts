import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../loopback.ts';
import { withoutAddresses } from '../privacy/redact.ts';

/**
 * Refuses everything except reading. bull-board's read-only mode refuses most writes itself, but
 * answers 200 to "pause all" and 400 to an invalid body (B-BOARD-01).
 */
export const readOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  return c.text('The dashboard is read-only; use the onboard command for changes.', 405, {
    Allow: 'GET, HEAD',
  });
};

/**
 * Accepts only requests addressed to this machine. Without a password, a web page could otherwise
 * read the dashboard by pointing its own name at 127.0.0.1 (DNS rebinding); such a request has that
 * name in its Host header.
 */
export const loopbackOnly: MiddlewareHandler = async (c, next) => {
  if (isLoopback(hostOf(c.req.header('host') ?? ''))) return next();
  return c.text(
    'The dashboard has no password; open it at http://localhost, or set DASHBOARD_USER and DASHBOARD_PASSWORD.',
    403,
  );
};

/** The host of a Host header without its port; empty if invalid. */
function hostOf(header: string): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : '';
}

/**
 * Replaces e-mail addresses in JSON answers. Job data holds keys and job errors hold codes, so this
 * is the last guard against a message with an address.
 */
export const withoutEmails: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.get('content-type')?.startsWith('application/json')) return;
  const text = await c.res.text();
  const masked = withoutAddresses(text, () => '[e-mail]');
  c.res = new Response(masked, c.res);
};
