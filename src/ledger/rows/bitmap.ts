const BITS = 8;

/**
 * The positions set in a piece of a Redis bitmap, ascending. Redis numbers bits from the most
 * significant one of the first byte (SETBIT); `first` is the position of the piece's first bit.
 */
export function setPositions(bytes: Buffer, first: number): number[] {
  const positions: number[] = [];
  for (const [index, byte] of bytes.entries()) {
    for (let bit = 0; byte !== 0 && bit < BITS; bit += 1) {
      if (byte & (0x80 >> bit)) positions.push(first + index * BITS + bit);
    }
  }
  return positions;
}

/** The bitmap in which just these positions are set. */
export function bitmapOf(positions: readonly number[]): Buffer {
  const last = positions.reduce((most, position) => Math.max(most, position), -1);
  const bytes = Buffer.alloc(Math.ceil((last + 1) / BITS));
  for (const position of positions) {
    const index = Math.floor(position / BITS);
    bytes[index] = (bytes[index] ?? 0) | (0x80 >> (position % BITS));
  }
  return bytes;
}

/** The byte range, both ends included, of `count` bits from `first` on. */
export function byteRange(first: number, count: number): [from: number, to: number] {
  return [first / BITS, (first + count) / BITS - 1];
}

/** The positions of a bitmap that are set in none of the others. */
export function withoutAny(bitmap: Buffer, others: readonly Buffer[]): Buffer {
  const left = Buffer.from(bitmap);
  for (const other of others) {
    const end = Math.min(left.length, other.length);
    for (let at = 0; at < end; at += 1) left[at] = (left[at] ?? 0) & ~(other[at] ?? 0);
  }
  return left;
}

/** The first `most` positions set in a bitmap, as a bitmap that ends with them, and their number. */
export function firstOf(bitmap: Buffer, most: number): { count: number; rows: Buffer } {
  let count = 0;
  for (const [at, byte] of bitmap.entries()) {
    const more = bitsIn(byte);
    if (count + more < most) count += more;
    else {
      const kept = setPositions(Buffer.of(byte), 0).slice(0, most - count);
      const rows = Buffer.concat([bitmap.subarray(0, at), bitmapOf(kept)]);
      return { count: count + kept.length, rows };
    }
  }
  return { count, rows: bitmap };
}

function bitsIn(byte: number): number {
  let bits = 0;
  for (let left = byte; left !== 0; left &= left - 1) bits += 1;
  return bits;
}
