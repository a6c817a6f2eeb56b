import { hostname, userInfo } from 'node:os';
import { getuid, pid } from 'node:process';

/** Who does something to batches, as the action log keeps it. */
export interface Actor {
  /** A person or a CI job, as ONBOARD_ACTOR or the caller names it. */
  name?: string | undefined;
  /** User of the operating system. */
  user: string;
  /** Who that user was before sudo. */
  sudoUser?: string | undefined;
  host: string;
  pid: number;
}

/** This process, with what it was told about who started it. */
export function readActor(told: {
  name?: string | undefined;
  sudoUser?: string | undefined;
}): Actor {
  const { name, sudoUser } = told;
  return {
    ...(name === undefined ? {} : { name }),
    user: userName(),
    ...(sudoUser ? { sudoUser: plain(sudoUser) } : {}),
    host: hostname(),
    pid,
  };
}

/** Whoever sets the environment could set anything; the log is shown on terminals. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 100);
}

/** A container may run under a number for which it has no name; userInfo() then throws. */
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
