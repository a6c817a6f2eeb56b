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
