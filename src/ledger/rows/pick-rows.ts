import type { Ledger } from '../ledger.ts';
import { setPositions } from './bitmap.ts';
import { rowSpan, SLICE_ROWS } from './rows.ts';

/** Bytes of a bitmap read at once: 131,072 rows. A batch of 1,000,000 rows has eight of them. */
const PIECE = 16_384;
const PIECE_ROWS = PIECE * 8;

/** Keys of bitmaps: a row is picked when each group has a bitmap with it. */
export type Picking = readonly (readonly string[])[];

/** The first `count` picked rows from `from` on, ascending; `end` is the span of the batch. */
export async function pickedFrom(
  ledger: Ledger,
  picking: Picking,
  { from, count, end }: { from: number; count: number; end: number },
): Promise<number[]> {
  const found: number[] = [];
  let first = from - (from % PIECE_ROWS);
  while (first < end && found.length < count) {
    const rows = await pickedIn(ledger, picking, first);
    found.push(...rows.filter((row) => row >= from).slice(0, count - found.length));
    first += PIECE_ROWS;
  }
  return found;
}

/** The last `count` picked rows before `before`, ascending. */
export async function pickedBefore(
  ledger: Ledger,
  picking: Picking,
  { before, count, end }: { before: number; count: number; end: number },
): Promise<number[]> {
  let found: number[] = [];
  const last = Math.min(before, end) - 1;
  let first = last - (last % PIECE_ROWS);
  while (first >= 0 && found.length < count) {
    const rows = (await pickedIn(ledger, picking, first)).filter((row) => row < before);
    found = [...rows.slice(-(count - found.length)), ...found];
    first -= PIECE_ROWS;
  }
  return found;
}

/** How many rows are picked, and how many of them before a row: reads all of the bitmaps. */
export async function countPicked(
  ledger: Ledger,
  picking: Picking,
  { before, end }: { before: number; end: number },
): Promise<{ total: number; before: number }> {
  const counts = { total: 0, before: 0 };
  for (let first = 0; first < end; first += PIECE_ROWS) {
    const rows = await pickedIn(ledger, picking, first);
    counts.total += rows.length;
    counts.before += rows.filter((row) => row < before).length;
  }
  return counts;
}

/** All picked rows of a batch, ascending, in slices of at most 1,000. */
export async function* pickedSlices(
  ledger: Ledger,
  batch: string,
  picking: Picking,
): AsyncGenerator<number[]> {
  const end = await rowSpan(ledger, batch);
  for (let first = 0; first < end; first += PIECE_ROWS) {
    const rows = await pickedIn(ledger, picking, first);
    for (let at = 0; at < rows.length; at += SLICE_ROWS) yield rows.slice(at, at + SLICE_ROWS);
  }
}

/** The picked rows of the piece that begins with the row `first`. */
async function pickedIn(ledger: Ledger, picking: Picking, first: number): Promise<number[]> {
  const start = first / 8;
  const read = (key: string) => ledger.redis.getrangeBuffer(key, start, start + PIECE - 1);
  const groups = await Promise.all(
    picking.map(async (keys) => combined(await Promise.all(keys.map(read)), (a, b) => a | b)),
  );
  return setPositions(
    combined(groups, (a, b) => a & b),
    first,
  );
}

/** Bitmaps of unequal length combined byte by byte; bytes that are missing are 0. */
function combined(bitmaps: readonly Buffer[], by: (a: number, b: number) => number): Buffer {
  const [only, ...others] = bitmaps;
  if (only !== undefined && others.length === 0) return only;
  const bytes = Buffer.alloc(Math.max(0, ...bitmaps.map(({ length }) => length)));
  for (const at of bytes.keys()) bytes[at] = bitmaps.map((bitmap) => bitmap[at] ?? 0).reduce(by);
  return bytes;
}
