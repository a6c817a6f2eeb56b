import type { NewRow } from '../ledger/rows/record-rows.ts';
import type { AccountType } from '../people/account-types.ts';
import type { GroupMode } from '../people/groups.ts';
import type { PortalFacts } from './ask-portal.ts';
import type { InviteLength } from './invite-length.ts';

/** Needs of a batch; an upper bound while its rows are not judged. */
export interface BatchNeeds {
  rows: number;
  /** Rows that Redis does not have yet; 0 for a batch submitted again. */
  newRows: number;
  types: ReadonlyMap<AccountType, number>;
  inviteType: AccountType;
  /** Largest number of people in one invite request; all by default. */
  inviteSize?: number | undefined;
  /** The longest invite request, where one could be too long. */
  longestInvite?: InviteLength | undefined;
  /** How names of groups are read, in a list that has any; and whether some are for everybody. */
  groups?: { mode: GroupMode; isForAll: boolean } | undefined;
  /** Duration at the configured pace, ms. */
  durationMs: number;
}

/** Types that take a paid seat: `All` makes a RoomAdmin (P-ROLE-05). */
export const paidTypes: readonly AccountType[] = ['RoomAdmin', 'DocSpaceAdmin', 'All'];

export function countOf(needs: BatchNeeds, types: readonly AccountType[]): number {
  return types.reduce((sum, type) => sum + (needs.types.get(type) ?? 0), 0);
}

/**
 * Whether the types of the rows matter: they do not for the portal's owner, who may create
 * everybody, if seats are left for all. Counting them reads the files once more.
 */
export function typesMatter({ key }: PortalFacts, rows: number): boolean {
  if (key === undefined) return false;
  const { self, quota } = key;
  const mayAll = self.kind !== 'ok' || self.value.isOwner;
  if (!mayAll || quota.kind !== 'ok') return !mayAll;
  const { limit, used } = quota.value.paidSeats ?? { limit: Number.POSITIVE_INFINITY, used: 0 };
  return limit - used < rows;
}

export async function countTypes(rows: AsyncIterable<NewRow>): Promise<Map<AccountType, number>> {
  const types = new Map<AccountType, number>();
  for await (const row of rows) {
    if (row.kind !== 'person') continue;
    types.set(row.person.type, (types.get(row.person.type) ?? 0) + 1);
  }
  return types;
}
