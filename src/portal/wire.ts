import { z } from 'zod';
import { printable } from '../printable.ts';

// EmployeeStatus (P-ROLE-02).
const ACTIVE = 1;

/**
 * A portal date in ms since the epoch, or undefined when it is none. The portal writes seven
 * digits of a second and `Z` or an offset (P-DATE-01); without either it is
 * taken as UTC. Dates before 1970 are .NET's "no date" and count as none.
 */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, seconds = '', fraction = '', zone = 'Z'] = match;
  const time = Date.parse(`${seconds}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

/** Longest text of an answer; ids and addresses are shorter. */
const MOST_TEXT = 500;

/** A text of an answer, bounded and without characters that act on a terminal. */
export const text = z.string().transform((value) => printable(value.slice(0, MOST_TEXT)));
const name = text.refine((value) => value !== '');

/** A date that may be missing or garbled, in ms since the epoch. */
export const optionalDate = z.string().transform(parseDate).optional().catch(undefined);
/** A reference to another account. */
export const reference = z.object({ id: name });

/** Longest name of a group as the portal stores it (P-GROUP-02). */
const MOST_GROUP_NAME = 128;
/** A name of a group as it is, because names are compared; `line` makes it printable. */
export const groupName = z.string().transform((value) => value.slice(0, MOST_GROUP_NAME));

const flag = z.boolean().catch(false);

/** The role that an account holds, by its flags (P-ROLE-03). */
export type AccountRole = 'DocSpaceAdmin' | 'RoomAdmin' | 'User' | 'Guest';

/** An account as the portal describes it: the members of EmployeeFullDto that matter here. */
export interface Account {
  id: string;
  /** In the portal's own spelling (P-LOOKUP-04). */
  email: string;
  /** EmployeeStatus: 1 active, 2 disabled, 4 pending. */
  status: number;
  isAdmin: boolean;
  isOwner: boolean;
  isRoomAdmin: boolean;
  isCollaborator: boolean;
  isVisitor: boolean;
  /** Derived from the flags; absent when none of them is set. */
  type?: AccountRole | undefined;
  /** ms since the epoch; after a POST with fractions of a second, later without. */
  registrationDate?: number | undefined;
  /** Id of the account that made this one; portals up to 3.6.1 report a placeholder. */
  createdBy?: string | undefined;
  /** Groups of the portal that it is a member of (P-GROUP-14). */
  groups: readonly { id: string; name: string }[];
}

const accountMembers = z.object({
  id: name,
  email: name,
  status: z.number().catch(ACTIVE),
  isAdmin: flag,
  isOwner: flag,
  isRoomAdmin: flag,
  isCollaborator: flag,
  isVisitor: flag,
  registrationDate: optionalDate,
  createdBy: reference.optional().catch(undefined),
  groups: z.array(z.object({ id: name, name: groupName })).catch([]),
});

/** EmployeeFullDto to Account: only `id` and `email` are insisted on. */
export const accountSchema = accountMembers.transform((members): Account => {
  return { ...members, type: roleOf(members), createdBy: members.createdBy?.id };
});

// The owner has isAdmin:false (P-ROLE-03), so both are looked at.
function roleOf(members: z.infer<typeof accountMembers>): AccountRole | undefined {
  if (members.isOwner || members.isAdmin) return 'DocSpaceAdmin';
  if (members.isVisitor) return 'Guest';
  if (members.isCollaborator) return 'User';
  return members.isRoomAdmin ? 'RoomAdmin' : undefined;
}
