import type { AccountType } from '../account-types.ts';
import type { NewRow } from '../ledger/record-rows.ts';
import type { PortalFacts } from './portal-facts.ts';

/** What a batch needs of Redis and the portal. Where rows are not judged yet, at most so much. */
export interface BatchNeeds {
  rows: number;
  /** Of them, those that Redis does not have yet; none of a batch that is submitted again. */
  newRows: number;
  types: ReadonlyMap<AccountType, number>;
  inviteType: AccountType;
  /** Most people in one invite request; absent, all of them are in one. */
  inviteSize?: number;
  /** How long it takes at the pace that is set, ms. */
  durationMs: number;
}

/** Types that take a paid seat: `All` makes a RoomAdmin (P-ROLE-05). */
export const paidTypes: readonly AccountType[] = ['RoomAdmin', 'DocSpaceAdmin', 'All'];

/** People of these types together. */
export function countOf(needs: BatchNeeds, types: readonly AccountType[]): number {
  return types.reduce((sum, type) => sum + (needs.types.get(type) ?? 0), 0);
}

/**
 * Whether the types of so many people make a difference: the portal's owner may create everybody, and
 * where seats are left for all nothing is made less. Counting them means reading the files once more.
 */
export function typesMatter({ key }: PortalFacts, rows: number): boolean {
  if (key === undefined) return false;
  const { self, quota } = key;
  const mayAll = self.kind !== 'ok' || self.value.isOwner;
  if (!mayAll || quota.kind !== 'ok') return !mayAll;
  const { limit, used } = quota.value.paidSeats ?? { limit: Number.POSITIVE_INFINITY, used: 0 };
  return limit - used < rows;
}

/** How many people of each type the rows hold. */
export async function countTypes(rows: AsyncIterable<NewRow>): Promise<Map<AccountType, number>> {
  const types = new Map<AccountType, number>();
  for await (const row of rows) {
    if (row.kind !== 'person') continue;
    types.set(row.person.type, (types.get(row.person.type) ?? 0) + 1);
  }
  return types;
}
