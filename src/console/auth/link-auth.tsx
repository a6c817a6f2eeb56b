import type { Timings } from '../../timings.ts';
import type { Frame } from '../pages/answer-page.tsx';
import type { ConsoleContext } from '../route.ts';
import type { Authentication } from './authentication.ts';
import { socketAddress } from './client-address.ts';
import { takeCode } from './codes.ts';
import { landing } from './landing.ts';
import { signOutRoute } from './own-sessions.ts';
import type { Sessions, Store } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';
import { answerSignIn, type Refusal, tooSoon } from './sign-in-page.tsx';
import type { Throttle } from './throttle.ts';

export interface SignInParts {
  frame: Frame;
  store: Store;
  sessions: Sessions;
  throttle: Throttle;
  note: SignInLog;
  timings: Timings;
}

/** Stamp of these sessions: those of a users file do not sign in where codes do. */
const LINK = 'link';

/** Wrong codes of one address without a wait. */
const FREE_CODES = 5;

const WRONG: Refusal = {
  status: 401,
  text: 'This code signs nobody in: it is mistyped, used, or older than 10 minutes. Get a new one.',
};

/** Sign-in with a code that `onboard console` prints, for one person on one machine. */
export function createLinkAuth(parts: SignInParts): Authentication {
  const { frame, store, sessions, throttle, note } = parts;

  const show = (c: ConsoleContext, refusal?: Refusal) => {
    const fields = (
      <p class="field">
        <label for="code">Code</label>
        <input id="code" name="code" required autocomplete="off" spellcheck={false} />
      </p>
    );
    const help = (
      <>
        The code is in the terminal where the console was started. <code>onboard console link</code>{' '}
        prints a new one.
      </>
    );
    return answerSignIn(frame, c, { fields, help, refusal });
  };

  const signIn = async (c: ConsoleContext) => {
    const counted = [{ key: `address ${socketAddress(c)}`, free: FREE_CODES }];
    const waitMs = throttle.begin(counted);
    if (waitMs > 0) return show(c, tooSoon(c, waitMs));
    const { code } = await c.req.parseBody();
    const invited = await takeCode(store, typeof code === 'string' ? code : '');
    if (invited === undefined) {
      await note('sign-in-failed', {});
      return show(c, WRONG);
    }
    throttle.succeeded(counted);
    await sessions.start(c, { ...invited, stamp: LINK });
    await note('sign-in', invited);
    return c.redirect(landing(c), 303);
  };

  return {
    identify: async (c, options) => {
      const session = await sessions.find(c, options);
      return session?.stamp === LINK ? session : undefined;
    },
    routes: [
      { method: 'GET', path: '/sign-in', needs: 'nothing', handle: (c) => show(c) },
      { method: 'POST', path: '/sign-in', needs: 'nothing', handle: signIn },
      signOutRoute(sessions, note),
    ],
  };
}
