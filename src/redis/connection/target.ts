import type { RedisOptions } from 'ioredis';
import { fault, readDatabase, readHost, readLogin } from './address.ts';
import { isSentinelUrl, readSentinel } from './sentinel.ts';

/** Place of a Redis: an address (redis:// or rediss://), or the Unix socket of a private one. */
export type RedisPlace = { url: string } | { socketPath: string };

export interface RedisTarget {
  options: RedisOptions;
  /** Host and port, or the socket, for messages: never the user or the password. */
  label: string;
}

const DEFAULT_PORT = 6379;

/**
 * Turns a place into ioredis options. User and password may be percent-encoded; the path is the
 * database. rediss:// trusts the certificates of Node; NODE_EXTRA_CA_CERTS adds a private
 * authority.
 * @throws {OnboardError} E_CONFIG, without repeating the address, which may hold a password.
 */
export function readTarget(place: RedisPlace): RedisTarget {
  if ('socketPath' in place) {
    return { options: { path: place.socketPath }, label: place.socketPath };
  }
  if (isSentinelUrl(place.url)) return readSentinel(place.url);
  const url = readUrl(place.url);
  const { host, port, label } = readHost(url, DEFAULT_PORT);
  const db = readDatabase(url.pathname.replace(/^\//, ''));
  const tls = url.protocol === 'rediss:' ? { tls: {} } : {};
  return { options: { host, port, db, ...readLogin(url), ...tls }, label };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) {
    throw fault('is not an address: write redis://user:password@host:6379/0 or rediss://…');
  }
  return url;
}
