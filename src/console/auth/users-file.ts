import { createHash } from 'node:crypto';
import { OnboardError } from '../../errors.ts';
import { type PrivateText, readPrivate } from '../../private-file.ts';
import type { Logger } from '../../process/logger.ts';
import type { Timings } from '../../timings.ts';
import { type Hashed, hashedIn, USER_NAME } from './passwords.ts';
import { type Role, roleOf } from './roles.ts';

interface User {
  role: Role;
  password: Hashed;
  /** Changes with the line, so that a session ends with it. */
  stamp: string;
}

export type Users = ReadonlyMap<string, User>;

export interface UsersFile {
  /** The users, as the file had them at most `usersCheckMs` ago. */
  users(): Users;
  /** The users as the file has them now. */
  reread(): Users;
}

interface Parts {
  path: string;
  logger: Logger;
  timings: Pick<Timings, 'usersCheckMs'>;
  /** ms since the epoch */
  now(): number;
}

const NOBODY: Users = new Map();

/**
 * Opens a file of lines `name:role:scrypt$N$r$p$salt$hash`. It is read again while somebody asks: a
 * file that cannot be used any more has no users, and a faulty line is left out; both are logged
 * without a name.
 * @throws {OnboardError} E_CONFIG for a file that is faulty at the start
 */
export function openUsersFile({ path, logger, timings, now }: Parts): UsersFile {
  let found = readPrivate(path);
  let readAt = now();
  const first = usersIn(found);
  if (first.faults.length > 0) {
    const text = `CONSOLE_USERS_FILE ${first.faults.join('; ')}`;
    throw new OnboardError('E_CONFIG', text, { details: { path } });
  }
  let { users } = first;

  const reread = (): Users => {
    const before = found;
    found = readPrivate(path);
    readAt = now();
    if (found.text === before.text && found.fault === before.fault) return users;
    const { faults, ...read } = usersIn(found);
    users = read.users;
    for (const fault of faults) logger.error({ path }, `the users file ${fault}`);
    logger.info({ path, users: users.size }, 'the users file has changed');
    return users;
  };

  return {
    reread,
    users: () => (now() - readAt >= timings.usersCheckMs ? reread() : users),
  };
}

function usersIn({ text, fault }: PrivateText): { users: Users; faults: string[] } {
  if (text === undefined) return { users: NOBODY, faults: [fault] };
  const users = new Map<string, User>();
  const faults: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [name, user] = userIn(line);
    const what = users.has(name) ? 'names a user a second time: remove one of the lines' : user;
    if (typeof what === 'string') faults.push(`line ${index + 1} ${what}`);
    else users.set(name, what);
  }
  if (users.size === 0 && faults.length === 0) {
    faults.push('has no user: add a line that onboard console user prints');
  }
  return { users, faults };
}

/** The user of a line, or what is wrong with the line. */
function userIn(line: string): [name: string, user: User | string] {
  const [name = '', roleName = '', hash = '', ...more] = line.split(':');
  const [role, password] = [roleOf(roleName), hashedIn(hash)];
  if (more.length > 0 || !USER_NAME.test(name)) return [name, 'is not name:role:password'];
  if (role === undefined) return [name, 'has another role than viewer, operator or admin'];
  if (password === undefined) return [name, 'has no password: make it with onboard console user'];
  return [name, { role, password, stamp: createHash('sha256').update(line).digest('base64url') }];
}
