import type { RowMark } from '../../ledger/rows/marks.ts';
import { isInvitable } from '../../people/invitable.ts';
import type { Person } from '../../people/person.ts';
import { otherRole, wantedRole } from '../../portal/compare-account.ts';
import type { Account } from '../../portal/wire.ts';

/** Notes about an account for its row, when that is settled. */
interface AccountNotes {
  marks: RowMark[];
  /** The role, where another one was asked for. */
  role: string | undefined;
}

/** An account that the portal has just answered a creation with. */
export function postedAccount(person: Person, account: Account): AccountNotes {
  const role = otherRole(person.type, account);
  const marks: RowMark[] = role === undefined ? [] : ['other-role'];
  if (!isInvitable(person.email)) marks.push('not-invitable');
  return { marks, role };
}

/**
 * An account of ours that a lookup found: the answer to its creation was lost, and the portal may
 * have been killed between the row and its group (P-CREATE-13). A RoomAdmin without a group looks
 * whole, so that every one found so is looked at again.
 */
export function foundAccount(person: Person, account: Account): AccountNotes {
  const { marks, role } = postedAccount(person, account);
  const mayBeHalf = role !== undefined || wantedRole(person.type) === 'RoomAdmin';
  return { marks: mayBeHalf ? [...marks, 'half-made'] : marks, role };
}

/** An account that was there before, and stays as it is. */
export function earlierAccount(person: Person, account: Account): AccountNotes {
  const role = otherRole(person.type, account);
  return { marks: role === undefined ? [] : ['other-role-before'], role };
}
