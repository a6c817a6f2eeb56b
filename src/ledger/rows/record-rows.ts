import { OnboardError } from '../../errors.ts';
import { emailHash } from '../../people/email-hash.ts';
import type { Person } from '../../people/person.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import { runScript } from '../lua/script.ts';
import { recordRows as recordScript } from '../lua/write-rows.ts';
import { encodeInput, placeOf, type RowInput } from './row-codec.ts';

/** A row as intake hands it over: accepted with a person, or rejected with its faults. */
export type NewRow =
  | { kind: 'person'; at: Place; person: Person; warnings?: readonly string[] | undefined }
  | { kind: 'rejected'; at: Place; raw: object; faults: readonly RowFault[] };

type Place = Pick<RowInput, 'file' | 'line'>;

interface RowFault {
  field: string;
  code: string;
  value: string;
  reason: string;
}

/** A row as the script takes it: four arguments. */
export type EncodedRow = readonly [kind: string, hash: string, input: string, detail: string];

/**
 * Records a slice of the input in one atomic step: people become `pending`, or `duplicate` of an
 * earlier row, or `rejected` when another unfinished batch has claimed them. Recording the same
 * slice again changes nothing.
 * @throws {OnboardError} E_BATCH_BUSY when the batch's intake is over.
 */
export async function recordRows(
  ledger: Ledger,
  { batch, first, rows }: { batch: string; first: number; rows: readonly EncodedRow[] },
): Promise<void> {
  const isRecorded = await runScript(ledger, recordScript, {
    keys: keysOf(ledger, batch),
    args: { batch, batches: ledger.keys.record(''), first },
    list: rows.flat(),
  });
  if (isRecorded) return;
  throw new OnboardError('E_BATCH_BUSY', `batch ${batch} takes no more rows: its intake is over`);
}

/** Encodes a row for `recordRows`; apart, so that Redis can record other rows meanwhile. */
export function encodeRow(row: NewRow): EncodedRow {
  const { file, line } = row.at;
  if (row.kind === 'person') {
    const input = encodeInput({ ...row, ...row.at });
    return [row.person.type, emailHash(row.person.email), input, placeOf(row.at)];
  }
  const outcome = JSON.stringify({ ...rejectionOf(row.faults), faults: row.faults });
  return ['rejected', rawHash(row.raw), JSON.stringify({ file, line, raw: row.raw }), outcome];
}

/** Code and reason of a row with these faults: the code of the first, the reasons of all. */
export function rejectionOf(faults: readonly RowFault[]): { code: string; reason: string } {
  const reasons = faults.map(({ field, reason }) => `${field}: ${reason}`);
  return { code: faults[0]?.code ?? 'rejected', reason: reasons.join('; ') };
}

/** A rejected row may name a person anyway. */
function rawHash(raw: object): string {
  const email = 'email' in raw && typeof raw.email === 'string' ? raw.email : '';
  return email.trim() === '' ? '' : emailHash(email);
}
