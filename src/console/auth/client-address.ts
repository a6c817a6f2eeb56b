import type { Context } from 'hono';

/** The address at the other end of the connection; empty where there is none, as in a test. */
export function clientOf(c: Context): string {
  const address: unknown = c.env?.incoming?.socket?.remoteAddress;
  return typeof address === 'string' ? address : '';
}
