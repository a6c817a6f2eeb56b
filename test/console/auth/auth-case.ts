import { scryptSync } from 'node:crypto';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { loadConfig } from '../../../src/config/config.ts';
import { loadAssets } from '../../../src/console/assets.ts';
import { socketAddress } from '../../../src/console/auth/client-address.ts';
import { createLinkAuth, type SignInParts } from '../../../src/console/auth/link-auth.tsx';
import { createProxyAuth } from '../../../src/console/auth/proxy-auth.ts';
import { createSessions } from '../../../src/console/auth/sessions.ts';
import { localSite, type Site } from '../../../src/console/auth/site.ts';
import { createThrottle } from '../../../src/console/auth/throttle.ts';
import { createUsersAuth } from '../../../src/console/auth/users-auth.tsx';
import { openUsersFile } from '../../../src/console/auth/users-file.ts';
import type { ConsoleEnv } from '../../../src/console/route.ts';
import { createLogger } from '../../../src/process/logger.ts';
import { openStage, type Stage, type StageOptions } from '../../support/stage.ts';
import { consoleOn } from '../console-case.ts';

const BUILT = new URL('../../../dist/console/', import.meta.url);

/** A browser of one person: it keeps the cookie, and says where a form is from. */
export function browserOn(app: Hono<ConsoleEnv>, remoteAddress = '127.0.0.1') {
  let cookie = '';
  const incoming = { socket: { remoteAddress } };
  const send = async (path: string, given: RequestInit = {}, more: Record<string, string> = {}) => {
    const headers = { ...(cookie === '' ? {} : { cookie }), ...more };
    const response = await app.request(path, { ...given, headers }, { incoming });
    const set = response.headers.get('set-cookie');
    if (set !== null) cookie = /Max-Age=0/i.test(set) ? '' : (set.split(';')[0] ?? '');
    return response;
  };
  return {
    get cookie() {
      return cookie;
    },
    set cookie(value: string) {
      cookie = value;
    },
    get: (path: string, headers?: Record<string, string>) => send(path, {}, headers),
    post: (path: string, fields: Record<string, string>, headers?: Record<string, string>) =>
      send(
        path,
        { method: 'POST', body: new URLSearchParams(fields) },
        {
          origin: 'http://localhost',
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
      ),
  };
}

/** The line's part of a password, at a thousandth of the cost. */
export function cheapHash(password: string): string {
  const [salt, cost] = [Buffer.from('a salt of 16 byt'), { N: 1024, r: 8, p: 1 }];
  const hash = scryptSync(password, salt, 32, cost).toString('base64url');
  return `scrypt$1024$8$1$${salt.toString('base64url')}$${hash}`;
}

/** The form token of a page. */
export function tokenIn(html: string): string {
  return /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

/** Parts for signing in on a stage, whose clock a test moves. */
export function signInParts(
  stage: Stage,
  now: () => number = Date.now,
  site: Site = localSite({ isForwarded: false }),
) {
  const { ledger, timings } = stage;
  const noted: [string, string | undefined][] = [];
  const parts: SignInParts = {
    frame: { assets: loadAssets(BUILT), portal: undefined, label: undefined, now },
    store: ledger,
    sessions: createSessions({ store: ledger, isSecure: site.isSecure, timings, now }),
    throttle: createThrottle(timings, now),
    note: async (what, { name }) => void noted.push([what, name]),
    timings,
  };
  return { parts, noted };
}

/** A console that signs in by codes. */
export async function linkConsole(options: StageOptions = {}, now?: () => number) {
  const stage = await openStage(options);
  const { auth, noted } = linkAuthOn(stage, now);
  const { app } = consoleOn(stage, 'viewer', { auth });
  return { stage, app, noted };
}

/** Sign-in by codes on a stage. */
export function linkAuthOn(stage: Stage, now?: () => number) {
  const { parts, noted } = signInParts(stage, now);
  return { auth: createLinkAuth(parts), noted };
}

/** Sign-in by a users file with this text. */
export function usersAuthOn(stage: Stage, text: string, now?: () => number) {
  const path = join(stage.dir, stage.write('users', text));
  const lines: string[] = [];
  const destination = { write: (entry: string) => void lines.push(entry) };
  const logger = createLogger({ level: 'info', destination });
  const { parts, noted } = signInParts(stage, now);
  const file = openUsersFile({ path, logger, timings: stage.timings, now: Date.now });
  const auth = createUsersAuth({ ...parts, file, clientOf: socketAddress });
  return { auth, noted, lines, path };
}

/** A console that signs in by a users file with this text. */
export async function usersConsole(text: string, { now }: { now?: () => number } = {}) {
  const stage = await openStage();
  const { auth, ...others } = usersAuthOn(stage, text, now);
  const { app } = consoleOn(stage, 'viewer', { auth });
  const write = (next: string) => stage.write('users', next);
  return { app, write, timings: stage.timings, ...others };
}

/** Sign-in by the headers of a proxy. */
export function proxyAuthOn(stage: Stage, env: Record<string, string>, now?: () => number) {
  const all = { CONSOLE_AUTH: 'proxy', CONSOLE_PROXY_USER_HEADER: 'X-Forwarded-User', ...env };
  const settings = loadConfig({ env: all, readFile: () => '', needs: ['console'] }).console;
  const { parts, noted } = signInParts(stage, now);
  const auth = createProxyAuth({ ...parts, settings: settings.proxy });
  return { auth, site: localSite({ isForwarded: true }), noted };
}

/** A console that believes the headers of a proxy. */
export async function proxyConsole(
  env: Record<string, string>,
  now: () => number = Date.now,
  before?: Stage,
) {
  const stage = before ?? (await openStage());
  const { noted, ...parts } = proxyAuthOn(stage, env, now);
  const { app } = consoleOn(stage, 'viewer', { ...parts, now });
  return { stage, app, noted };
}
