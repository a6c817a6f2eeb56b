import type { RedisOptions } from 'ioredis';
import { OnboardError } from '../errors.ts';

/** Where a Redis is: an address (redis:// or rediss://) or the Unix socket of a private one. */
export type RedisPlace = { url: string } | { socketPath: string };

export interface RedisTarget {
  options: RedisOptions;
  /** Host and port, or the socket, for messages: never the user or the password. */
  label: string;
}

const DEFAULT_PORT = 6379;

/**
 * Reads a place into ioredis options. User and password may be percent-encoded, the database is
 * the path. rediss:// trusts the certificates of Node, to which NODE_EXTRA_CA_CERTS adds a private
 * authority.
 * @throws {OnboardError} E_CONFIG, without repeating the address, which may hold a password.
 */
export function readTarget(place: RedisPlace): RedisTarget {
  if ('socketPath' in place) {
    return { options: { path: place.socketPath }, label: place.socketPath };
  }
  const url = readUrl(place.url);
  const host = decode(url.hostname.replace(/^\[|\]$/g, '')) || '127.0.0.1';
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  const username = decode(url.username);
  const password = decode(url.password);
  return {
    options: {
      host,
      port,
      db: readDatabase(url.pathname),
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    },
    label: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) {
    throw fault('is not an address: write it as redis://user:password@host:6379/0 or rediss://…');
  }
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault('holds a % that starts no code: write % as %25 in user and password');
  }
}

function readDatabase(path: string): number {
  const name = path.replace(/^\/|\/$/g, '');
  if (!/^\d{0,5}$/.test(name)) {
    throw fault('ends in a path that is no database number: write redis://host:6379/0');
  }
  return Number(name);
}

function fault(what: string): OnboardError {
  return new OnboardError('E_CONFIG', `REDIS_URL ${what}`);
}
