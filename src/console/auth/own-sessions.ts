import type { ConsoleContext, Route } from '../route.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';

/** Signing out of a session that this console began. */
export function signOutRoute(sessions: Sessions, note: SignInLog): Route {
  return {
    method: 'POST',
    path: '/sign-out',
    needs: 'nothing',
    handle: async (c: ConsoleContext) => {
      const viewer = c.get('viewer') ?? undefined;
      await sessions.end(c);
      if (viewer !== undefined) await note('sign-out', viewer);
      return c.redirect('/sign-in', 303);
    },
  };
}
