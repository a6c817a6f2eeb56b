import { createHash } from 'node:crypto';
import { OnboardError } from '../errors.ts';
import { emailIdentity, type Person } from '../person.ts';
import { BUCKET_ROWS } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { runScript } from './script.ts';
import { recordSlice } from './scripts.ts';

/** A row as intake hands it over: accepted with a person, or turned away with its faults. */
export type NewRow =
  | { kind: 'person'; at: Place; person: Person }
  | { kind: 'rejected'; at: Place; raw: object; faults: readonly RowFault[] };

interface Place {
  file: string;
  line: number;
}

interface RowFault {
  field: string;
  code: string;
  value: string;
  reason: string;
}

const HASH_LENGTH = 22;

/**
 * Records a slice of the input: people become `pending`, or `duplicate` of an earlier row, or
 * `rejected` when another unfinished batch holds them; the rest is `rejected`. One atomic step.
 * Recording the same slice again changes nothing.
 * @throws {OnboardError} E_BATCH_BUSY when the batch's intake is over already.
 */
export async function recordRows(
  ledger: Ledger,
  slice: { batch: string; first: number; rows: readonly NewRow[] },
): Promise<void> {
  const { keys, redis } = ledger;
  const { batch, first, rows } = slice;
  const head = [batch, keys.record(''), BUCKET_ROWS, first];
  const args = [...head, ...rows.flatMap(argumentsOf)];
  const bases = [keys.rows(batch), keys.outcomes(batch), keys.is(batch), keys.claims];
  const index = keys.emails(batch);
  const call = { keys: [keys.record(batch), ...bases, index], args };
  if ((await runScript(redis, recordSlice, call)) === 0) return;
  throw new OnboardError('E_BATCH_BUSY', `batch ${batch} takes no more rows: its intake is over`);
}

function argumentsOf(row: NewRow): string[] {
  const { file, line } = row.at;
  if (row.kind === 'person') {
    const input = JSON.stringify({ file, line, person: row.person });
    return ['person', emailHash(row.person.email), input, `${file} line ${line}`];
  }
  const code = row.faults[0]?.code ?? 'rejected';
  const reason = row.faults.map((fault) => `${fault.field}: ${fault.reason}`).join('; ');
  const outcome = JSON.stringify({ code, reason, faults: row.faults });
  return ['rejected', rawHash(row.raw), JSON.stringify({ file, line, raw: row.raw }), outcome];
}

/** A row that was turned away may name somebody all the same. */
function rawHash(raw: object): string {
  const email = 'email' in raw && typeof raw.email === 'string' ? raw.email : '';
  return email.trim() === '' ? '' : emailHash(email);
}

/** A short name for an e-mail's identity: 132 bits of SHA-256, of one length for every address. */
export function emailHash(email: string): string {
  const digest = createHash('sha256').update(emailIdentity(email)).digest('base64url');
  return digest.slice(0, HASH_LENGTH);
}
