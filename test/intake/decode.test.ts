import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { FileText } from '../../src/intake/text/file-text.ts';

/** The text of `bytes` pushed in slices of `size`. */
function decoded(bytes: Buffer, size: number = bytes.length + 1): string {
  const decoder = new FileText('people.csv');
  let text = '';
  for (let at = 0; at < bytes.length; at += size) {
    text += decoder.push(bytes.subarray(at, at + size));
  }
  return text + decoder.end();
}

function refusal(bytes: Buffer, size?: number): OnboardError {
  try {
    decoded(bytes, size);
  } catch (error) {
    if (error instanceof OnboardError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const mixed = 'Ana\r\nJosé\r田中\n👩‍👩‍👧\r\n\r\rend';
const mixedUnix = 'Ana\nJosé\n田中\n👩‍👩‍👧\n\n\nend';

test.each([1, 2, 3, 4, 5, 7, 1000])('text is whole when read in slices of %i bytes', (size) => {
  expect(decoded(Buffer.from(mixed), size)).toBe(mixedUnix);
  expect(decoded(Buffer.from(`\uFEFF${mixed}\r`), size)).toBe(`${mixedUnix}\n`);
});

test('any text in any slices is itself with plain line ends', () => {
  const text = fc.string({ unit: fc.oneof(fc.constantFrom('\r', '\n'), fc.string()) });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (given, size) => {
      const bytes = Buffer.from(`x${given}`);
      expect(decoded(bytes, size)).toBe(bytes.toString('utf8').replace(/\r\n?/g, '\n'));
    }),
  );
});

test('a byte order mark is dropped at the start only', () => {
  expect(decoded(Buffer.from('\uFEFFa\uFEFFb'))).toBe('a\uFEFFb');
});

test('nothing is nothing', () => {
  expect(decoded(Buffer.alloc(0))).toBe('');
  expect(decoded(Buffer.from('\uFEFF'))).toBe('');
});

const invalid: [string, number, (string | number[])[]][] = [
  ['a Latin-1 letter on the third line', 3, ['a\nb\nJos', [0xe9], '\nc']],
  ['a Latin-1 letter after CRLF line ends', 3, ['a\r\nb\r\nJos', [0xe9], '\r\nc']],
  ['a Latin-1 letter after CR line ends', 3, ['a\rb\rJos', [0xe9], '\rc']],
  ['a Latin-1 letter right after a CR', 2, ['a\r', [0xe9], 'b']],
  ['a character cut off at the end', 2, ['a\n', [0xe2, 0x82]]],
  ['a lone continuation byte', 1, [[0x80], 'a\n']],
  ['an overlong form', 2, ['a\n', [0xc0, 0xaf], '\n']],
  ['a surrogate', 2, ['é\n', [0xed, 0xa0, 0x80], '\n']],
];

test.each(invalid)('%s is E_FILE_ENCODING on line %i', (_what, line, parts) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  for (const size of [1, 2, 3, 5, 100]) {
    const error = refusal(bytes, size);
    expect(error.code).toBe('E_FILE_ENCODING');
    expect(error.message).toMatch(new RegExp(`^people\\.csv:${line}:\\d+: .*UTF-8`));
  }
});

test.each([
  ['little endian with a mark', Buffer.from('\uFEFFemail,a', 'utf16le')],
  ['little endian without a mark', Buffer.from('email,a', 'utf16le')],
  ['big endian with a mark', Buffer.from('\uFEFFemail,a', 'utf16le').swap16()],
  ['big endian without a mark', Buffer.from('email,a', 'utf16le').swap16()],
])('UTF-16, %s, is read', (_what, bytes) => {
  for (const size of [1, 3, 100]) expect(decoded(bytes, size)).toBe('email,a');
});

test('a spreadsheet under another name is distinguished from bad text', () => {
  const workbook = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00, 0xff, 0xfe]);
  const error = refusal(workbook);
  expect(error.code).toBe('E_FILE_FORMAT');
  expect(error.message).toContain('--format xlsx');
});
