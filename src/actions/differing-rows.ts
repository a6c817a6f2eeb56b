import type { Ledger } from '../ledger/ledger.ts';
import { markedRows } from '../ledger/rows/marks.ts';
import { decodeInput, decodeOutcome, personOf, placeOf } from '../ledger/rows/row-codec.ts';
import { readTexts } from '../ledger/rows/rows.ts';
import type { AccountType } from '../people/account-types.ts';

/** A created account with another role than was asked for. */
export interface RoleRow {
  row: number;
  /** File and line of the input. */
  place: string;
  email: string;
  /** The type that was asked for. */
  type: AccountType;
  /** The role when the account was last looked at. */
  role: string | undefined;
  portalId: string;
}

/**
 * The accounts that a batch created with another role than was asked for, in the order of the input.
 * Rows whose creation may still be under way, and rows without personal data, are left out.
 */
export async function differingRows(ledger: Ledger, batch: string): Promise<RoleRow[]> {
  const underWay = new Set(await markedRows(ledger, batch, 'half-made'));
  const rows = (await markedRows(ledger, batch, 'other-role')).filter((row) => !underWay.has(row));
  const read = await Promise.all(rows.map((row) => readRoleRow(ledger, batch, row)));
  return read.flat();
}

async function readRoleRow(ledger: Ledger, batch: string, row: number): Promise<RoleRow[]> {
  const { input, outcome } = await readTexts(ledger, batch, row);
  const decoded = decodeInput(input);
  const read = personOf(decoded);
  const { portalId, role } = decodeOutcome(outcome);
  if (decoded === undefined || 'damaged' in read || portalId === undefined) return [];
  const { email, type } = read.person;
  return [{ row, place: placeOf(decoded), email, type, role, portalId }];
}
