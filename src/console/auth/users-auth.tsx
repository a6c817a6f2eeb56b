import type { Timings } from '../../timings.ts';
import type { Frame } from '../pages/answer-page.tsx';
import type { ConsoleContext } from '../route.ts';
import type { Authentication } from './authentication.ts';
import type { ClientOf } from './client-address.ts';
import { landing } from './landing.ts';
import { signOutRoute } from './own-sessions.ts';
import { createChecker, NO_PASSWORD } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';
import { answerSignIn, type Refusal, tooSoon } from './sign-in-page.tsx';
import type { Counted, Throttle } from './throttle.ts';
import type { Users, UsersFile } from './users-file.ts';

interface UsersParts {
  frame: Frame;
  file: UsersFile;
  sessions: Sessions;
  throttle: Throttle;
  clientOf: ClientOf;
  note: SignInLog;
  timings: Timings;
}

/**
 * Wrong passwords without a wait: for one name from one address, for one name from everywhere, and
 * from one address for all names, since a whole office can have one address.
 */
const FREE = { both: 3, name: 10, address: 20 };

/** Pairs of name and address that have signed in, whom guesses of others do not delay. */
const MOST_KNOWN = 1000;

const WRONG: Refusal = { status: 401, text: 'Name or password is wrong: try again.' };

/** Sign-in with name and password, for a small team. */
export function createUsersAuth(parts: UsersParts): Authentication {
  const { frame, file, sessions, throttle, clientOf, note, timings } = parts;
  const isRight = createChecker();
  const known = new Set<string>();

  const countedOf = (name: string, address: string): Counted[] => {
    const both = { key: `both ${address} ${name}`, free: FREE.both };
    const of = { key: `name ${name}`, free: FREE.name };
    const from = { key: `address ${address}`, free: FREE.address, isShared: true };
    return known.has(both.key) ? [both, from] : [both, of, from];
  };

  const signIn = async (c: ConsoleContext) => {
    const given = await c.req.parseBody();
    const name = typeof given.name === 'string' ? given.name.trim().slice(0, 100) : '';
    const password = typeof given.password === 'string' ? given.password : '';
    const counted = countedOf(name, clientOf(c));
    const waitMs = throttle.begin(counted);
    if (waitMs > 0) return show(c, tooSoon(c, waitMs));
    const user = file.reread().get(name);
    const right = await isRight(password, user?.password ?? costsOf(file.users()));
    if (right === undefined) return show(c, tooSoon(c, timings.signInWaitMs));
    if (user === undefined || !right) {
      // A name that is not of the file can be a password that was typed into the wrong field.
      await note('sign-in-failed', user === undefined ? {} : { name, role: user.role });
      return show(c, WRONG);
    }
    throttle.succeeded(counted);
    if (known.size < MOST_KNOWN) known.add(counted[0]?.key ?? '');
    const { role, stamp } = user;
    await sessions.start(c, { name, role, stamp });
    await note('sign-in', { name, role });
    return c.redirect(landing(c), 303);
  };

  const show = (c: ConsoleContext, refusal?: Refusal) =>
    answerSignIn(frame, c, { fields: <Fields />, help: HELP, refusal });

  const isKnown = (name: string, stamp: string | undefined) =>
    stamp !== undefined && file.users().get(name)?.stamp === stamp;

  return {
    identify: async (c, options) => {
      const session = await sessions.find(c, options);
      return session && isKnown(session.name, session.stamp) ? session : undefined;
    },
    stillKnows: ({ name, stamp }) => isKnown(name, stamp),
    routes: [
      { method: 'GET', path: '/sign-in', needs: 'nothing', handle: (c) => show(c) },
      { method: 'POST', path: '/sign-in', needs: 'nothing', handle: signIn },
      signOutRoute(sessions, note),
    ],
  };
}

const HELP = 'The people who run this console add names and change passwords in its users file.';

function Fields() {
  return (
    <>
      <p class="field">
        <label for="name">Name</label>
        <input id="name" name="name" required autocomplete="username" spellcheck={false} />
      </p>
      <p class="field">
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          required
          autocomplete="current-password"
        />
      </p>
    </>
  );
}

/** A check that takes as long for a name that nobody has. */
function costsOf(users: Users) {
  const [first] = users.values();
  return first === undefined ? NO_PASSWORD : { ...first.password, hash: NO_PASSWORD.hash };
}
