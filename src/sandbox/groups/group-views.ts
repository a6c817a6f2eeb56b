import { defined } from '../../defined.ts';
import type { Account } from '../people/accounts.ts';
import { fullProfile, type View } from '../people/profiles.ts';
import type { Group } from './group-records.ts';

/** Id without a group: groups of DocSpace have neither a parent nor a category. */
const ZERO = '00000000-0000-0000-0000-000000000000';

/** GroupDto: with `hasMembers` also all members in full (P-GROUP-01, P-GROUP-05). */
export function groupView(group: Group, view: View, hasMembers: boolean): Record<string, unknown> {
  const profileOf = (id: string | undefined): object | undefined => {
    const account = id === undefined ? undefined : view.accountOf(id);
    return account && fullProfile(account, view);
  };
  return defined({
    name: group.name,
    parent: ZERO,
    category: ZERO,
    id: group.id,
    isLDAP: false,
    manager: profileOf(group.managerId),
    members: hasMembers ? [...group.members].map(profileOf) : undefined,
    membersCount: group.members.size,
  });
}

/** Whether an account may be a member: Guests and disabled accounts may not. */
export function mayJoin(account: Account | undefined): account is Account {
  return account !== undefined && account.status !== 2 && account.role !== 'Guest';
}
