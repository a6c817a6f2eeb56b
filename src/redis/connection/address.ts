import { defined } from '../../defined.ts';
import { OnboardError } from '../../errors.ts';

/** One host of an address; the label for messages never has the user or the password. */
export interface Host {
  host: string;
  port: number;
  label: string;
}

export function readHost(url: URL, defaultPort: number): Host {
  const host = decode(url.hostname.replace(/^\[|\]$/g, '')) || '127.0.0.1';
  const port = url.port === '' ? defaultPort : Number(url.port);
  return { host, port, label: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` };
}

export function readLogin(url: URL): { username?: string; password?: string } {
  return defined({
    username: decode(url.username) || undefined,
    password: decode(url.password) || undefined,
  });
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault('has a % without a code: write % as %25 in user and password');
  }
}

/** The database number at the end of an address; 0 by default. */
export function readDatabase(path: string): number {
  const name = path.replace(/\/$/, '');
  if (!/^\d{0,5}$/.test(name)) {
    throw fault('ends in a path that is not a database number: write redis://host:6379/0');
  }
  return Number(name);
}

/** E_CONFIG without the address, which may hold a password. */
export function fault(what: string): OnboardError {
  return new OnboardError('E_CONFIG', `REDIS_URL ${what}`);
}
