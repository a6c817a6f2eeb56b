import type { Context } from 'hono';

/** The address that a request is from; empty where there is no connection, as in a test. */
export type ClientOf = (c: Context) => string;

/** Characters of the longest address; whatever else stands there is cut. */
const LONGEST = 45;

/** Addresses of proxies. */
export interface Addresses {
  has(address: string): boolean;
}

/** The address at the other end of the connection. */
export const socketAddress: ClientOf = (c) => {
  const address: unknown = c.env?.incoming?.socket?.remoteAddress;
  return typeof address === 'string' ? address : '';
};

/**
 * The address of the browser behind these proxies: the last one of X-Forwarded-For that is none of
 * them, since each proxy adds the address that it saw at the end.
 */
export function clientBehind(proxies: Addresses): ClientOf {
  return (c) => {
    const seen = [...(c.req.header('x-forwarded-for') ?? '').split(','), socketAddress(c)];
    const addresses = seen.map((address) => address.trim().slice(0, LONGEST)).filter(Boolean);
    return addresses.findLast((address) => !proxies.has(address)) ?? addresses[0] ?? '';
  };
}
