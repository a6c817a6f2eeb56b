import { grouped } from '../count.ts';
import { mostInvitees } from '../ledger/invites/invites.ts';
import type { NewRow } from '../ledger/rows/record-rows.ts';
import type { AccountType } from '../people/account-types.ts';
import { isInvitable } from '../people/invitable.ts';
import { entriesOf, MOST_BODY_BYTES } from '../portal/invite-body.ts';
import { type Check, fault } from './check-result.ts';

/** The options of a submission that cut its invite into requests. */
interface Cut {
  inviteType: AccountType;
  inviteSize?: number | undefined;
  /** Number of people of the first round. */
  limit?: number | undefined;
}

/** The longest request of an invite, if everybody gets an account. */
export interface InviteLength {
  people: number;
  bytes: number;
}

/** Longest address that intake takes, with the rest of its entry. */
const MOST_ENTRY_BYTES = 255 + 36;

/**
 * Whether a request could be too long (P-JSON-03): below 103,000 people none is, whatever their
 * addresses. Measuring it reads the files once more.
 */
export function lengthMatters(rows: number, cut: Cut): boolean {
  return Math.min(rows, mostOf(cut)) * MOST_ENTRY_BYTES > MOST_BODY_BYTES;
}

function mostOf({ inviteSize, limit = Number.POSITIVE_INFINITY }: Cut): number {
  return Math.min(mostInvitees(inviteSize), limit);
}

/** Measures requests of `inviteSize` people in the order of the list. */
export async function longestInvite(rows: AsyncIterable<NewRow>, cut: Cut): Promise<InviteLength> {
  const most = mostOf(cut);
  let longest = { people: 0, bytes: 0 };
  let now = longest;
  for await (const row of rows) {
    if (row.kind !== 'person' || !isInvitable(row.person.email)) continue;
    if (now.people >= most) now = { people: 0, bytes: 0 };
    const bytes = now.bytes + entriesOf([row.person.email], cut.inviteType).length + 1;
    now = { people: now.people + 1, bytes };
    if (now.bytes > longest.bytes) longest = now;
  }
  return longest;
}

/** A fault for a request that the portal would not read; the remedy names a size that it reads. */
export function inviteLengthChecks(longest: InviteLength | undefined): Check[] {
  if (longest === undefined || longest.bytes <= MOST_BODY_BYTES) return [];
  const { people, bytes } = longest;
  const what = `an invite request would hold ${grouped(people)} people in ${grouped(bytes)} bytes, and the portal reads ${grouped(MOST_BODY_BYTES)}`;
  const fitting = Math.floor((people * MOST_BODY_BYTES) / bytes / 1000 / 2) * 1000;
  const remedy = `choose a smaller --invite-size, such as ${Math.max(fitting, 1000)}, to invite in parts`;
  return [fault('invite-length', what, remedy)];
}
