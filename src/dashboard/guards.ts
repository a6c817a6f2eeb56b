import type { MiddlewareHandler } from 'hono';
import { isLocalRequest } from '../loopback.ts';
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

/** Without a password, accepts only requests that come from this machine and are addressed to it. */
export const loopbackOnly: MiddlewareHandler = async (c, next) => {
  if (isLocalRequest(c.req.header())) return next();
  return c.text(
    'The dashboard has no password; open it at http://localhost, or set DASHBOARD_USER and DASHBOARD_PASSWORD.',
    403,
  );
};

/** Refuses requests that a page of another site makes a browser send (Fetch Metadata). */
export const sameSite: MiddlewareHandler = async (c, next) => {
  if (c.req.header('sec-fetch-site') !== 'cross-site') return next();
  return c.text('The dashboard opens no link from another site; type its address.', 403);
};

/**
 * Largest numbers that a page of bull-board asks for. Ten million jobs on a page took 11 s, during
 * which Redis answered nobody.
 */
const MOST: Readonly<Record<string, number>> = {
  jobsPerPage: 100,
  page: 1_000_000,
  maxChildren: 1000,
  depth: 20,
};

/** Refuses queries that would make Redis read everything at once. */
export const boundedQuery: MiddlewareHandler = async (c, next) => {
  for (const [name, most] of Object.entries(MOST)) {
    const values = c.req.queries(name) ?? [];
    if (values.every((value) => /^\d{1,7}$/.test(value) && Number(value) <= most)) continue;
    return c.text(`${name} must be a number up to ${most}.`, 400);
  }
  return next();
};

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
