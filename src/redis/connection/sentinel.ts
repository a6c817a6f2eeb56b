import type { RedisOptions } from 'ioredis';
import { decode, fault, readDatabase, readHost, readLogin } from './address.ts';

const DEFAULT_PORT = 26_379;

const FORM =
  /^(?<tls>rediss?)\+sentinel:\/\/(?:(?<login>[^@/?]*)@)?(?<hosts>[^@/?]+)\/(?<name>[^/?]+)(?:\/(?<db>[^?]*))?(?:\?(?<query>.*))?$/;

/** Whether an address names sentinels instead of a server. */
export function isSentinelUrl(text: string): boolean {
  return /^rediss?\+sentinel:/.test(text);
}

/**
 * Reads `redis+sentinel://user:password@host:26379,host:26379/master/0?sentinelPassword=…`. The
 * client asks the sentinels for the master at each connection. User and password are those of the
 * Redis servers; `sentinelUsername` and `sentinelPassword` are those of the sentinels.
 * `rediss+sentinel://` uses TLS for both.
 * @throws {OnboardError} E_CONFIG, without repeating the address, which may hold a password.
 */
export function readSentinel(text: string): { options: RedisOptions; label: string } {
  const parts = FORM.exec(text)?.groups;
  if (parts === undefined) throw fault(`is not an address of sentinels: ${EXAMPLE}`);
  const sentinels = (parts.hosts ?? '').split(',').map((host) => hostOf(host));
  const query = new URLSearchParams(parts.query);
  const name = decode(parts.name ?? '');
  const tls = parts.tls === 'rediss' && {
    tls: {},
    sentinelTLS: {},
    enableTLSForSentinelMode: true,
  };
  return {
    options: {
      sentinels: sentinels.map(({ host, port }) => ({ host, port })),
      name,
      db: readDatabase(parts.db ?? ''),
      ...readLogin(parse(`redis://${parts.login ?? ''}@host`)),
      ...sentinelLogin(query),
      ...tls,
    },
    label: `${name} of ${sentinels.map(({ label }) => label).join(',')}`,
  };
}

const EXAMPLE = 'write redis+sentinel://user:password@host:26379,host:26379/master/0';

function hostOf(host: string) {
  return readHost(parse(`redis://${host}`), DEFAULT_PORT);
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw fault(`names an invalid host: ${EXAMPLE}`);
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
