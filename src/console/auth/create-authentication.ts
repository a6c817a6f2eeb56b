import type { Readable } from '../../overview/overview.ts';
import type { Logger } from '../../process/logger.ts';
import type { Timings } from '../../timings.ts';
import type { Frame } from '../pages/answer-page.tsx';
import type { Authentication } from './authentication.ts';
import { clientBehind, socketAddress } from './client-address.ts';
import { createLinkAuth } from './link-auth.tsx';
import { createProxyAuth, type ProxySettings } from './proxy-auth.ts';
import { createSessions } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';
import { localSite, publicSite, type Site } from './site.ts';
import { createThrottle } from './throttle.ts';
import { createUsersAuth } from './users-auth.tsx';
import { openUsersFile } from './users-file.ts';

export interface AuthSettings {
  auth: 'link' | 'users' | 'proxy';
  usersFile: string | undefined;
  proxy: ProxySettings;
  /** Address that browsers use; undefined on this machine alone. */
  url: URL | undefined;
}

interface Parts {
  frame: Frame;
  store: Readable['ledger'];
  note: SignInLog;
  logger: Logger;
  timings: Timings;
}

/** How people sign in, and the address under which they do, as the configuration says. */
export function createAuthentication(
  settings: AuthSettings,
  { frame, store, note, logger, timings }: Parts,
): { auth: Authentication; site: Site } {
  const { now } = frame;
  const site = siteOf(settings);
  const sessions = createSessions({ store, isSecure: site.isSecure, timings, now });
  const throttle = createThrottle(timings, now);
  const parts = { frame, store, sessions, throttle, note, timings };
  if (settings.auth === 'link') return { auth: createLinkAuth(parts), site };
  if (settings.auth === 'users') {
    const file = openUsersFile({ path: settings.usersFile ?? '', logger, timings, now });
    const { addresses } = settings.proxy;
    const clientOf = addresses === undefined ? socketAddress : clientBehind(addresses);
    return { auth: createUsersAuth({ ...parts, file, clientOf }), site };
  }
  return { auth: createProxyAuth({ ...parts, settings: settings.proxy }), site };
}

function siteOf({ auth, url }: AuthSettings): Site {
  return url === undefined ? localSite({ isForwarded: auth === 'proxy' }) : publicSite(url);
}
