import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptBody } from '../../src/portal/kept-body.ts';

const HEAD = 256 * 1024;
const TAIL = 4 * 1024;

function keep(pieces: readonly Buffer[]) {
  const body = new KeptBody();
  for (const piece of pieces) body.push(piece);
  return body.read();
}

function pieces(text: string, size: number): Buffer[] {
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(text.slice(index * size, (index + 1) * size)),
  );
}

it('keeps a usual body whole, letters cut in two by the network included', () => {
  const bytes = Buffer.from('{"lastName":"Łukasz 王"}');
  const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  expect(keep(single)).toEqual({ body: bytes.toString() });
  expect(keep([])).toEqual({ body: '' });
});

it('keeps the two ends of any long body, however it arrives', () => {
  const text = Array.from({ length: 40_000 }, (_, index) => `${index};`).join('') + 'x'.repeat(99);
  const expected = {
    body: text.slice(0, HEAD) + (text.length > HEAD + TAIL ? text.slice(-TAIL) : text.slice(HEAD)),
    ...(text.length > HEAD + TAIL ? { elidedBytes: text.length - HEAD - TAIL } : {}),
  };
  expect(expected).not.toHaveProperty('elidedBytes');
  const long = text + text;
  const ends = {
    body: long.slice(0, HEAD) + long.slice(-TAIL),
    elidedBytes: long.length - HEAD - TAIL,
  };
  const property = fc.property(fc.integer({ min: 100, max: 300_000 }), (size) => {
    expect(keep(pieces(text, size))).toEqual(expected);
    expect(keep(pieces(long, size))).toEqual(ends);
  });
  fc.assert(property, { numRuns: 30 });
});

it('misses nothing at the border between the two ends', () => {
  const text = 'a'.repeat(HEAD) + 'b'.repeat(TAIL);
  expect(keep([Buffer.from(text)])).toEqual({ body: text });
  expect(keep([Buffer.from(`${text}c`)])).toEqual({
    body: `${'a'.repeat(HEAD)}${'b'.repeat(TAIL - 1)}c`,
    elidedBytes: 1,
  });
});
