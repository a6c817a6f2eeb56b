import type { RedisOptions } from 'ioredis';
import { defined } from '../../defined.ts';
import { OnboardError } from '../../errors.ts';

/** Place of a Redis: an address (redis:// or rediss://), or the Unix socket of a private one. */
export type RedisPlace = { url: string } | { socketPath: string };

export interface RedisTarget {
  options: RedisOptions;
  /** Hosts and ports, or the socket, for messages: never the user or the password. */
  label: string;
}

/** Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not disable the checks. */
const CHECKED = { rejectUnauthorized: true };

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

const SENTINEL_FORM =
  /^(?<tls>rediss?)\+sentinel:\/\/(?:(?<login>[^@/?]*)@)?(?<hosts>[^@/?]+)\/(?<name>[^/?]+)(?:\/(?<db>[^?]*))?(?:\?(?<query>.*))?$/;
const SENTINEL_EXAMPLE = 'write redis+sentinel://user:password@host:26379,host:26379/master/0';

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
  if (/^rediss?\+sentinel:/.test(place.url)) return readSentinel(place.url);
  const url = URL.canParse(place.url) ? new URL(place.url) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) {
    throw fault('is not an address: write redis://user:password@host:6379/0 or rediss://…');
  }
  const { label, ...host } = readHost(url, REDIS_PORT);
  const db = readDatabase(url.pathname.replace(/^\//, ''));
  const tls = url.protocol === 'rediss:' && { tls: CHECKED };
  return { options: { ...host, db, ...readLogin(url), ...tls }, label };
}

/**
 * Reads `redis+sentinel://user:password@host:26379,host:26379/master/0?sentinelPassword=…`. The
 * client asks the sentinels for the master at each connection. User and password are those of the
 * Redis servers; `sentinelUsername` and `sentinelPassword` are those of the sentinels.
 * `rediss+sentinel://` uses TLS for both.
 */
function readSentinel(text: string): RedisTarget {
  const parts = SENTINEL_FORM.exec(text)?.groups;
  if (parts === undefined) throw fault(`is not an address of sentinels: ${SENTINEL_EXAMPLE}`);
  const hosts = (parts.hosts ?? '').split(',').map((host) => readHost(urlOf(host), SENTINEL_PORT));
  const name = decode(parts.name ?? '');
  const tls = { tls: CHECKED, sentinelTLS: CHECKED, enableTLSForSentinelMode: true };
  const options = {
    sentinels: hosts.map(({ host, port }) => ({ host, port })),
    name,
    db: readDatabase(parts.db ?? ''),
    ...readLogin(urlOf(`${parts.login ?? ''}@host`)),
    ...sentinelLogin(new URLSearchParams(parts.query)),
    ...(parts.tls === 'rediss' && tls),
  };
  return { options, label: `${name} of ${hosts.map(({ label }) => label).join(',')}` };
}

function urlOf(host: string): URL {
  const text = `redis://${host}`;
  if (!URL.canParse(text)) throw fault(`names an invalid host: ${SENTINEL_EXAMPLE}`);
  return new URL(text);
}

function sentinelLogin(query: URLSearchParams): RedisOptions {
  const login: RedisOptions = {};
  for (const [key, value] of query) {
    if (key !== 'sentinelUsername' && key !== 'sentinelPassword') {
      throw fault('ends in an unknown parameter: use sentinelUsername and sentinelPassword');
    }
    login[key] = value;
  }
  return login;
}

function readHost(url: URL, defaultPort: number): { host: string; port: number; label: string } {
  const host = decode(url.hostname.replace(/^\[|\]$/g, '')) || '127.0.0.1';
  const port = url.port === '' ? defaultPort : Number(url.port);
  return { host, port, label: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` };
}

function readLogin({ username, password }: URL): { username?: string; password?: string } {
  return defined({
    username: decode(username) || undefined,
    password: decode(password) || undefined,
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault('has a % without a code: write % as %25 in user and password');
  }
}

/** The database number at the end of an address; 0 by default. */
function readDatabase(path: string): number {
  const name = path.replace(/\/$/, '');
  if (/^\d{0,5}$/.test(name)) return Number(name);
  throw fault('ends in a path that is not a database number: write redis://host:6379/0');
}

/** E_CONFIG without the address, which may hold a password. */
function fault(what: string): OnboardError {
  return new OnboardError('E_CONFIG', `REDIS_URL ${what}`);
}
