import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { Readable } from '../../overview/overview.ts';
import type { Timings } from '../../timings.ts';
import { type Role, roleOf } from './roles.ts';
import { fieldsOf } from './stored.ts';
import type { Viewer } from './viewer.ts';

/** The part of the store that signing in needs. */
export type Store = Pick<Readable['ledger'], 'redis' | 'keys'>;

/** Who a session is of. */
interface Holder {
  name: string;
  role: Role;
  /** Condition of the session, such as a line of the users file. */
  stamp: string;
}

export interface Sessions {
  /** Begins a session, in place of the one that the browser had. */
  start(c: Context, holder: Holder): Promise<Viewer>;
  /** The session of a request. An activity prolongs it. */
  find(c: Context, options: { isActivity: boolean }): Promise<(Viewer & Holder) | undefined>;
  end(c: Context): Promise<void>;
}

interface Parts {
  store: Store;
  isSecure: boolean;
  timings: Pick<Timings, 'sessionIdleMs' | 'sessionMs'>;
  /** ms since the epoch */
  now(): number;
}

/** 256 bits. */
const SECRET_BYTES = 32;

/**
 * Sessions in Redis, under the SHA-256 of what the browser has in its cookie: a reader of Redis
 * cannot sign in. They end after `sessionIdleMs` without an activity and after `sessionMs` in all.
 */
export function createSessions({
  store: { redis, keys },
  isSecure,
  timings,
  now,
}: Parts): Sessions {
  // Ports of one host share their cookies, so each prefix has a name of its own.
  const name = `onboard-${digestOf(keys.prefix).slice(0, 12)}`;
  const prefix = isSecure ? ('host' as const) : undefined;
  const options: CookieOptions = {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: isSecure,
  };
  if (prefix !== undefined) options.prefix = prefix;
  const keyOf = (secret: string) => `${keys.sessions}${digestOf(secret)}`;
  const secretOf = (c: Context) => getCookie(c, name, prefix);
  const leftOf = (startedAt: number) => {
    return Math.min(timings.sessionIdleMs, startedAt + timings.sessionMs - now());
  };

  const forget = async (c: Context): Promise<void> => {
    const secret = secretOf(c);
    if (secret !== undefined) await redis.del(keyOf(secret));
  };

  return {
    end: async (c) => {
      await forget(c);
      deleteCookie(c, name, options);
    },
    start: async (c, holder) => {
      await forget(c);
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const text = JSON.stringify({ ...holder, startedAt: now() });
      await redis.set(keyOf(secret), text, 'PX', leftOf(now()));
      setCookie(c, name, secret, options);
      return { name: holder.name, role: holder.role, token: tokenOf(secret) };
    },
    find: async (c, { isActivity }) => {
      const secret = secretOf(c);
      if (secret === undefined) return undefined;
      const session = sessionIn(await redis.get(keyOf(secret)));
      if (session === undefined) return undefined;
      const { startedAt, ...holder } = session;
      const left = leftOf(startedAt);
      if (left <= 0) return undefined;
      if (isActivity) await redis.pexpire(keyOf(secret), left);
      return { ...holder, token: tokenOf(secret) };
    },
  };
}

/** The form token of a session: derived from the cookie, which a reader of Redis lacks. */
function tokenOf(secret: string): string {
  return createHash('sha256').update(`form ${secret}`).digest('base64url');
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sessionIn(text: string | null): (Holder & { startedAt: number }) | undefined {
  const { name, role, stamp, startedAt } = fieldsOf(text);
  const known = roleOf(String(role));
  const isWhole = typeof name === 'string' && typeof stamp === 'string';
  if (known === undefined || !isWhole || typeof startedAt !== 'number') return undefined;
  return { name, role: known, stamp, startedAt };
}
