import type { Account, Accounts, Role } from '../people/accounts.ts';
import type { Group } from './group-records.ts';

/** Groups that every portal has, whose members have a role (P-ROLE-04, P-GROUP-12). */
const systemGroups = {
  admins: 'cd84e66b-b803-40fc-99f9-b2969a54a1de',
  guests: 'aced04fa-dd96-4b35-af3e-346bf1eb972d',
  everyone: 'c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e',
  roomAdmins: 'abef62db-11a8-4673-9d32-ef1d8af19dc0',
  users: '88f11e7c-7407-4bea-b4cb-070010cdbb6b',
} as const;

const roles: Readonly<Record<string, Role | undefined>> = {
  [systemGroups.admins]: 'DocSpaceAdmin',
  [systemGroups.guests]: 'Guest',
  [systemGroups.everyone]: undefined,
  [systemGroups.roomAdmins]: 'RoomAdmin',
  [systemGroups.users]: 'User',
};

/** A system group with its present members; undefined for any other id. O(n) */
export function systemGroup(accounts: Accounts, id: string): Group | undefined {
  const key = id.toLowerCase();
  if (!(key in roles)) return undefined;
  const role = roles[key];
  const everybody = [...accounts.all()].filter((one) => role === undefined || one.role === role);
  return { id: key, name: role ?? 'Everyone', members: new Set(everybody.map((one) => one.id)) };
}

/**
 * The role of a new account with this department, whatever its type says and without a count of the
 * seats. Everyone, RoomAdmin and User change nothing (P-GROUP-12).
 */
export function roleByDepartment(id: string): Role | undefined {
  const role = roles[id.toLowerCase()];
  return role === 'DocSpaceAdmin' || role === 'Guest' ? role : undefined;
}

/** The role of an account that joins a system group; the User group makes a RoomAdmin a User (P-GROUP-13). */
export function roleAfterJoining(account: Account, id: string): Role {
  if (id.toLowerCase() !== systemGroups.users) return roleByDepartment(id) ?? account.role;
  return account.role === 'RoomAdmin' ? 'User' : account.role;
}
