import type { Portal } from '../stand-in-portal.ts';

/** A group in the account of a member; `manager` is a user name. */
export interface GroupSummary {
  id: string;
  name: string;
  manager?: string | undefined;
}

/** GroupSummaryDto of every group of an account (P-GROUP-10). */
export function groupSummaries({ accounts, groups }: Portal, accountId: string): GroupSummary[] {
  return groups.of(accountId).map(({ id, name, managerId }) => {
    const manager = managerId === undefined ? undefined : accounts.get(managerId)?.userName;
    return { id, name, ...(manager !== undefined && { manager }) };
  });
}
