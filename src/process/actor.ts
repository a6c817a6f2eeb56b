import { hostname, userInfo } from 'node:os';
import { getuid, pid } from 'node:process';
import { printable } from '../printable.ts';

/** Author of an entry of the action log. */
export interface Actor {
  /** A person or a CI job, from ONBOARD_ACTOR or the caller. */
  name?: string | undefined;
  user: string;
  /** The user before sudo. */
  sudoUser?: string | undefined;
  host: string;
  pid: number;
}

/** The actor of this process. */
export function readActor({ name, sudoUser }: Pick<Actor, 'name' | 'sudoUser'>): Actor {
  const before = sudoUser ? printable(sudoUser).slice(0, 100) : undefined;
  return { name, user: userName(), sudoUser: before, host: hostname(), pid };
}

/** The user's name, or the number, since userInfo() throws for one without a name (containers). */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${getuid?.() ?? 'unknown'}`;
  }
}

/** `ana on admin1`, `ana (root) on admin1`, or `release job 7 (ci) on runner3`. */
export function actorText({ name, user, sudoUser, host }: Actor): string {
  const first = name ?? sudoUser;
  return first === undefined ? `${user} on ${host}` : `${first} (${user}) on ${host}`;
}
