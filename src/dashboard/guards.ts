import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../loopback.ts';

/**
 * Refuses everything but reading. bull-board's read-only mode refuses most writes itself, but
 * answers 200 to "pause all" and 400 to an invalid body (B-BOARD-01); this comes first.
 */
export const readOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  return c.text('The dashboard only shows; use the onboard command to change anything.', 405, {
    Allow: 'GET, HEAD',
  });
};

/**
 * Accepts only requests addressed to this machine. Without a password, a web page in somebody's
 * browser could otherwise read the dashboard by pointing its own name at 127.0.0.1 (DNS rebinding);
 * such a request bears that name in its Host header.
 */
export const loopbackOnly: MiddlewareHandler = async (c, next) => {
  if (isLoopback(hostOf(c.req.header('host') ?? ''))) return next();
  return c.text(
    'Without DASHBOARD_USER and DASHBOARD_PASSWORD the dashboard answers only to http://localhost.',
    403,
  );
};

/** The host of a Host header, without its port; empty when there is none to read. */
function hostOf(header: string): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : '';
}

/**
 * An escape of JSON, or an address. Escapes come first, so that the n of `\n` is never taken for the
 * first letter of an address. 64 characters before the @ are the most that an address has (RFC
 * 5321), and bound the search in a long text without blanks.
 */
const ESCAPE_OR_EMAIL = /\\(?:u[0-9a-f]{4}|.)|[^\s"'<>,;:()[\]\\@]{1,64}@[^\s"'<>,;:()[\]\\@]+/gi;

/**
 * Replaces whatever looks like an e-mail address in JSON answers. Job data holds keys and job errors
 * hold codes, so nothing should be found; it is the last guard against a message that slipped in.
 */
export const withoutEmails: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.get('content-type')?.startsWith('application/json')) return;
  const text = await c.res.text();
  const masked = text.replace(ESCAPE_OR_EMAIL, (found) =>
    found.startsWith('\\') ? found : '[e-mail]',
  );
  c.res = new Response(masked, c.res);
};
