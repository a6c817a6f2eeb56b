/**
 * Ways to read names of groups in a list: `existing` leaves unknown ones out, `create` makes the
 * missing groups, `require` rejects the rows with unknown ones, `ignore` reads none.
 */
export const groupModes = ['existing', 'create', 'require', 'ignore'] as const;
export type GroupMode = (typeof groupModes)[number];

/** A group of the portal. */
export interface GroupRef {
  id: string;
  name: string;
}

/** A group as the portal lists it. */
export interface KnownGroup extends GroupRef {
  membersCount: number;
}

/** A cell of a list, or a name for everybody: its rows, and what it means once that is known. */
export interface Named {
  rows: number;
  groups?: GroupRef[] | undefined;
  missing?: string[] | undefined;
}

/** Names of a list by key: `c` and a cell, or `n` and a name for everybody. */
export type NamedGroups = ReadonlyMap<string, Named>;

export const cellKey = (cell: string): string => `c${cell}`;
export const nameKey = (name: string): string => `n${name}`;

/** Whether the name is one for everybody. */
export function isForAll(key: string): boolean {
  return key.startsWith('n');
}

/**
 * System groups: everyone, DocSpaceAdmin, RoomAdmin, User and Guest. The portal takes them as ids of
 * a list too, and two of them change the role, past type and seats (P-GROUP-12).
 */
const reserved: ReadonlySet<string> = new Set([
  'c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e',
  'cd84e66b-b803-40fc-99f9-b2969a54a1de',
  'abef62db-11a8-4673-9d32-ef1d8af19dc0',
  '88f11e7c-7407-4bea-b4cb-070010cdbb6b',
  'aced04fa-dd96-4b35-af3e-346bf1eb972d',
]);

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u;
/** Longest name of a group, in UTF-16 units (P-GROUP-02). */
const MAX_NAME_LENGTH = 128;

/** Whether a text has the form of a group's id (P-JSON-04). */
export function isGroupId(text: string): boolean {
  return GUID.test(text);
}

/** Whether a cell holds the id of a system group. */
export function hasReservedGroup(cell: string): boolean {
  return cell.split(/[;,|\s]+/).some((part) => reserved.has(part.toLowerCase()));
}

/** Identity of a name, equal for all spellings that mean one group: trimmed, NFC, case folded. */
export function groupIdentity(name: string): string {
  // Upper case in between unites letters such as ß and SS.
  const folded = name.trim().normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return folded.normalize('NFC');
}

/** Whether the portal stores a new group under this name as it is (P-GROUP-02). */
export function mayBeMade(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && !BEYOND_BMP.test(name) && !isGroupId(name);
}
