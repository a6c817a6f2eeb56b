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
  /** The program in between, as `console`, where a person did not start this process. */
  via?: string | undefined;
  /** The person's role there. */
  role?: string | undefined;
}

/** A text that looks like an API key, at the start of a word: `helpdesk-operator` is a name. */
const KEY_LIKE = /(?<![\p{L}\p{N}])sk-[\w-]{8}[\w-]*/u;

/** Characters of a name. */
const MOST_SHOWN = 100;

/** The name of somebody who signed in as ONBOARD_ACTOR and the action log take it. */
export function acceptedName(name: string): string {
  const shown = name.replace(/\p{C}/gu, '\ufffd').replace(new RegExp(KEY_LIKE, 'gu'), '***');
  return [...shown].slice(0, MOST_SHOWN).join('') || 'unknown';
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

/** The first name that is known: from the person, before sudo, of the user. */
export function actorName({ name, sudoUser, user }: Actor): string {
  return name ?? sudoUser ?? user;
}

/**
 * `ana on admin1`, `ana (root) on admin1`, `release job 7 (ci) on runner3`, or `ana via console
 * (operator) on admin1`.
 */
export function actorText(actor: Actor): string {
  const { name, user, sudoUser, host, via, role } = actor;
  if (via !== undefined) {
    return `${actorName(actor)} via ${via}${role === undefined ? '' : ` (${role})`} on ${host}`;
  }
  const first = name ?? sudoUser;
  return first === undefined ? `${user} on ${host}` : `${first} (${user}) on ${host}`;
}
