import { OnboardError } from '../../errors.ts';
import type { Readable } from '../../overview/overview.ts';
import type { Timings } from '../../timings.ts';
import type { Frame } from '../pages/answer-page.tsx';
import type { Authentication } from './authentication.ts';
import { createLinkAuth } from './link-auth.tsx';
import { createSessions } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';
import { localSite, publicSite, type Site } from './site.ts';
import { createThrottle } from './throttle.ts';

export interface AuthSettings {
  auth: 'link' | 'users' | 'proxy';
  /** Address that browsers use; undefined on this machine alone. */
  url: URL | undefined;
}

interface Parts {
  frame: Frame;
  store: Readable['ledger'];
  note: SignInLog;
  timings: Timings;
}

/** How people sign in, and the address under which they do, as the configuration says. */
export function createAuthentication(
  settings: AuthSettings,
  { frame, store, note, timings }: Parts,
): { auth: Authentication; site: Site } {
  const { now } = frame;
  const site = siteOf(settings);
  const sessions = createSessions({ store, isSecure: site.isSecure, timings, now });
  const throttle = createThrottle(timings, now);
  const parts = { frame, store, sessions, throttle, note, timings };
  if (settings.auth === 'link') return { auth: createLinkAuth(parts), site };
  throw new OnboardError('E_CONFIG', `CONSOLE_AUTH ${settings.auth} does not work yet: use link`);
}

function siteOf({ auth, url }: AuthSettings): Site {
  return url === undefined ? localSite({ isForwarded: auth === 'proxy' }) : publicSite(url);
}
