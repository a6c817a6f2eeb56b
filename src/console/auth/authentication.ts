import type { Context } from 'hono';
import type { ConsoleContext, Route } from '../route.ts';
import type { Viewer } from './viewer.ts';

/** How people are recognized: by a code, by a users file, or by a proxy. */
export interface Authentication {
  /**
   * The viewer of a request; undefined where nobody is signed in. A live stream asks now and then
   * without being an activity, or an open tab would keep its session alive.
   */
  identify(c: Context, options: { isActivity: boolean }): Promise<Viewer | undefined>;
  /**
   * Whether the viewer of an open stream may still read, without a command of Redis: a person who is
   * removed from the users file loses it within seconds. Absent where nothing can change.
   */
  stillKnows?(viewer: Viewer): boolean;
  /** The answer to somebody whom nobody knows; absent where `/sign-in` has a form. */
  answerStranger?(c: ConsoleContext): Response;
  /** Pages and changes of signing in and out. */
  routes: readonly Route[];
}
