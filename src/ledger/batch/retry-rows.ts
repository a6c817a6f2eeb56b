import { emailIdentity } from '../../people/person.ts';
import type { Ledger } from '../ledger.ts';
import { pickedSlices } from '../rows/pick-rows.ts';
import { NO_CODE } from '../rows/row-state.ts';
import { reopenable } from './rounds.ts';

/** Which failed and cancelled rows to try again: all, or those of every list that is given. */
export interface RetryPick {
  /** Codes of failed rows; empty for any. */
  reasons?: readonly string[] | undefined;
  /** Empty for anybody. */
  emails?: readonly string[] | undefined;
  /** Numbers of rows; empty for nobody. */
  rows?: readonly number[] | undefined;
  /** Receives the identity of each failed or cancelled person among `emails`. */
  onEmail?: ((identity: string) => void) | undefined;
}

/**
 * The failed and cancelled rows that a retry picks, in slices of at most 1,000. Without e-mails from
 * the bitmaps alone.
 */
export async function* rowsToRetry(
  ledger: Ledger,
  batch: string,
  pick: RetryPick,
): AsyncGenerator<number[]> {
  const chosen = pick.rows && new Set(pick.rows);
  for await (const slice of slicesOf(ledger, batch, pick)) {
    const rows = chosen === undefined ? slice : slice.filter((row) => chosen.has(row));
    if (rows.length > 0) yield rows;
  }
}

function slicesOf(ledger: Ledger, batch: string, pick: RetryPick) {
  const { keys } = ledger;
  const { reasons = [], emails = [] } = pick;
  if (emails.length > 0) return byEmail(ledger, batch, { ...pick, emails });
  const states = [keys.is(batch, 'failed'), keys.is(batch, 'cancelled')];
  const codes = reasons.map((code) => keys.because(batch) + code);
  return pickedSlices(ledger, batch, [codes.length > 0 ? codes : states]);
}

/** Reads every failed and cancelled row. */
async function* byEmail(
  ledger: Ledger,
  batch: string,
  { emails, reasons = [], onEmail }: RetryPick & { emails: readonly string[] },
): AsyncGenerator<number[]> {
  const wanted = new Set(emails.map(emailIdentity));
  for await (const slice of reopenable(ledger, batch)) {
    const found = slice.filter(({ email }) => wanted.has(emailIdentity(email)));
    for (const { email } of found) onEmail?.(emailIdentity(email));
    const isReason = ({ code }: { code: string }) =>
      reasons.length === 0 || reasons.includes(code === '' ? NO_CODE : code);
    yield found.filter(isReason).map(({ row }) => row);
  }
}
