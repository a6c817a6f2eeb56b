import { noteDeed } from '../../actions/note-deed.ts';
import type { SignInLog } from '../../console/auth/sign-in-log.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Actor, acceptedName } from '../../process/actor.ts';
import { actorOf, type Context } from '../context.ts';

interface Who {
  name: string;
  role?: string | undefined;
}

/** Somebody who acts through the console, on the machine and by the user that run it. */
export function consoleActor(context: Context, { name, role }: Who): Actor {
  return { ...actorOf(context), name: acceptedName(name), via: 'console', role };
}

/** Names whose last failure is remembered; the file of users is no longer. */
const MOST_NAMES = 1000;

/**
 * Records signing in and out, in the action log and in that of the process. A failure reaches the
 * action log once in `signInNotedMs` for each name, or guesses would push every other entry out of
 * its 10,000. A name that looks like an address, which was only tried, is not written.
 */
export function signInLog(context: Context, ledger: Ledger): SignInLog {
  const { logger, io } = context;
  const noted = new Map<string, number>();

  const isNoted = (name: string): boolean => {
    const now = Date.now();
    const before = noted.get(name) ?? Number.NEGATIVE_INFINITY;
    if (now - before < io.timings.signInNotedMs) return true;
    if (noted.size < MOST_NAMES) noted.set(name, now);
    return false;
  };

  return async (what, { name, role }) => {
    const isFailure = what === 'sign-in-failed';
    const shown = name === undefined || (isFailure && name.includes('@')) ? 'unknown' : name;
    if (isFailure) logger.warn({ role }, 'a sign-in to the console failed');
    else logger.info({ role }, what);
    if (isFailure && isNoted(shown)) return;
    const by = consoleActor(context, { name: shown, role });
    await noteDeed(ledger, { action: what, by });
  };
}
