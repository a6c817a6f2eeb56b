import type { Ledger } from '../ledger/ledger.ts';
import { claimRejectionReason, holdersOf } from '../ledger/rows/claims.ts';
import { type NewRow, rejectionOf } from '../ledger/rows/record-rows.ts';
import { placeOf } from '../ledger/rows/row-codec.ts';
import { emailHash } from '../people/email-hash.ts';
import type { Person } from '../people/person.ts';
import { FirstPlaces } from './first-places.ts';

/** Rows of one query of the claims. */
const SLICE_ROWS = 1000;

/** Result of a row in a submission. */
export type Judged =
  | { kind: 'accepted'; file: string; line: number; person: Person; warnings: readonly string[] }
  | {
      kind: 'rejected' | 'duplicate';
      file: string;
      line: number;
      code: string;
      reason: string;
      /** The cells of the row by column. */
      cells: object;
    };

interface Surroundings {
  /** Id of the batch; its own claims, of an interrupted submission, do not count. */
  batch: string;
  /** Absent without a Redis, where no claims exist. */
  ledger?: Ledger | undefined;
}

/**
 * Yields the result that recording would give each row, in the order of the input, and writes
 * nothing. Holds the place of every person in memory: at most 24 bytes a row (24 MB for a million).
 */
export async function* judge(
  rows: AsyncIterable<NewRow>,
  { batch, ledger }: Surroundings,
): AsyncGenerator<Judged> {
  const first = new FirstPlaces();
  for await (const slice of slicesOf(rows)) {
    const hashes = slice.map((row) => (row.kind === 'person' ? emailHash(row.person.email) : ''));
    const holders = ledger === undefined ? [] : await holdersOf(ledger, batch, hashes);
    for (const [index, row] of slice.entries()) {
      yield judgeRow(row, { hash: hashes[index] ?? '', holder: holders[index] ?? '', first });
    }
  }
}

async function* slicesOf(rows: AsyncIterable<NewRow>): AsyncGenerator<NewRow[]> {
  let slice: NewRow[] = [];
  for await (const row of rows) {
    slice.push(row);
    if (slice.length < SLICE_ROWS) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

/** Follows the order of the ledger's claims: duplicates of an earlier row first. */
function judgeRow(
  row: NewRow,
  { hash, holder, first }: { hash: string; holder: string; first: FirstPlaces },
): Judged {
  if (row.kind === 'rejected') {
    return { kind: 'rejected', ...row.at, ...rejectionOf(row.faults), cells: row.raw };
  }
  const cells = row.person;
  const place = first.find(hash);
  if (place !== undefined) {
    const reason = claimRejectionReason('duplicate', placeOf(place));
    return { kind: 'duplicate', ...row.at, code: 'duplicate', reason, cells };
  }
  if (holder !== '') {
    const reason = claimRejectionReason('in-other-batch', holder);
    return { kind: 'rejected', ...row.at, code: 'in-other-batch', reason, cells };
  }
  first.add(hash, row.at);
  return { kind: 'accepted', ...row.at, person: row.person, warnings: row.warnings ?? [] };
}
