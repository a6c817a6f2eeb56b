import { batchIds } from '../batch/batches.ts';
import type { Ledger } from '../ledger.ts';

/** Characters of base64url, as in the hashes of e-mails. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Characters of the hash in a record of the index, after the first, which ends the key. */
const MARK_LENGTH = 4;
const ROW_BYTES = 4;
const RECORD_BYTES = MARK_LENGTH + ROW_BYTES;

/** Bytes of an index read at once: 131,072 records. A batch of 1,000,000 has 16,000 in each. */
const SLICE_BYTES = RECORD_BYTES * 2 ** 17;

/** Batches searched at the same time. */
const BATCHES_AT_ONCE = 20;

/** Every key that the index of a batch may have. */
export function emailIndexKeys({ keys }: Ledger, batch: string): string[] {
  return [...ALPHABET].map((character) => keys.emails(batch) + character);
}

/**
 * Rows that may name the person with this hash, over all batches, newest first; about one in a
 * thousand million names somebody else. Rows are in the order of the input. The index is read in
 * slices; rows of other people are not read.
 */
export async function* sightings(
  ledger: Ledger,
  hash: string,
): AsyncGenerator<{ batch: string; rows: number[] }> {
  const ids = await batchIds(ledger);
  for (let first = 0; first < ids.length; first += BATCHES_AT_ONCE) {
    const some = ids.slice(first, first + BATCHES_AT_ONCE);
    const slices = await Promise.all(some.map((id) => readSlice(ledger, { id, hash, from: 0 })));
    for (const [index, batch] of some.entries()) {
      let slice = slices[index] ?? Buffer.alloc(0);
      for (let from = 0; ; from += SLICE_BYTES) {
        const rows = rowsWith(slice, hash);
        if (rows.length > 0) yield { batch, rows };
        if (slice.length < SLICE_BYTES) break;
        slice = await readSlice(ledger, { id: batch, hash, from: from + SLICE_BYTES });
      }
    }
  }
}

function readSlice(
  { redis, keys }: Ledger,
  { id, hash, from }: { id: string; hash: string; from: number },
): Promise<Buffer> {
  return redis.getrangeBuffer(keys.emails(id) + hash.slice(0, 1), from, from + SLICE_BYTES - 1);
}

function rowsWith(records: Buffer, hash: string): number[] {
  const mark = Buffer.from(hash.slice(1, 1 + MARK_LENGTH), 'latin1');
  const rows: number[] = [];
  for (let at = records.indexOf(mark); at >= 0; at = records.indexOf(mark, at + 1)) {
    // The four characters can also lie across two records, or in the number of a row.
    const isWhole = at + RECORD_BYTES <= records.length;
    if (isWhole && at % RECORD_BYTES === 0) rows.push(records.readUInt32BE(at + MARK_LENGTH));
  }
  return rows;
}
