import fc from 'fast-check';
import type { Format } from '../../src/intake/format.ts';

/** The bytes of one file, and its extension. */
export interface Document {
  format: Format;
  bytes: Buffer;
}

/** The domain of every address in these files: a message with it would reveal a person. */
export const DOMAIN = 'fuzz.example';

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Ana', "O'Neil", 'Ольга', 'Zoé', '田', '=1+1', '😀') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\0', '\t', 'a\nb', '"', "'", ',;|', '\uFEFF') },
);
const person = fc.record({
  email: fc.stringMatching(/^[a-z0-9.+_=-]{1,12}$/).map((local) => `${local}@${DOMAIN}`),
  first_name: word,
  last_name: word,
  role: fc.constantFrom('', 'User', '4', 'guest', 'Room admin'),
});
type Row = Record<'email' | 'first_name' | 'last_name' | 'role', string>;
const people = fc.array(person, { minLength: 1, maxLength: 8 });

const csv = fc
  .tuple(people, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n', '\r'))
  .chain(([rows, delimiter, end]) =>
    fc.boolean().map((quotesAll) => {
      const line = (cells: readonly string[]) =>
        cells.map((cell) => cellOf(cell, { delimiter, quotesAll })).join(delimiter);
      const header = ['E-Mail', 'first_name', 'Surname', 'role'];
      return [header, ...rows.map(cellsOf)].map(line).join(end);
    }),
  );

function cellOf(text: string, { delimiter, quotesAll }: { delimiter: string; quotesAll: boolean }) {
  const mustQuote = quotesAll || /["\r\n]/.test(text) || text.includes(delimiter);
  return mustQuote ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellsOf({ email, first_name, last_name, role }: Row): string[] {
  return [email, first_name, last_name, role];
}

const json = fc
  .tuple(people, fc.constantFrom(undefined, 1, '\t'))
  .map(([rows, space]) => JSON.stringify(rows, null, space));
const ndjson = people.map((rows) => rows.map((row) => JSON.stringify(row)).join('\n'));

/** A text in an encoding that a program may have saved. */
const saved: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\uFEFF${text}`),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text, 'latin1'),
];
const save = fc.oneof(
  { weight: 8, arbitrary: fc.constant(saved[0]) },
  { weight: 4, arbitrary: fc.constantFrom(...saved) },
);

/** Well-formed files, some of them in another encoding. */
export const documents: fc.Arbitrary<Document> = fc
  .oneof(
    fc.record({ format: fc.constant('csv' as const), text: csv }),
    fc.record({ format: fc.constant('json' as const), text: json }),
    fc.record({ format: fc.constant('ndjson' as const), text: ndjson }),
  )
  .chain(({ format, text }) => save.map((as) => ({ format, bytes: (as ?? Buffer.from)(text) })));

const pieces = [
  ...['\uFEFF', '\0', '\0\0', '"', '""', "'", '\r', '\n', '\r\n', ',', ';', '\t', '|', '\\', '\\u'],
  ...[
    '[',
    ']',
    '{',
    '}',
    '[[',
    '{"',
    ':',
    'null',
    '1e999',
    '-',
    '\u2028',
    '\u0085',
    '😀',
    'PK\x03\x04',
  ],
].map((text) => Buffer.from(text));
const oddBytes = [
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0x80],
  [0xc3],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
];
const piece = fc.constantFrom(...pieces, ...oddBytes.map((bytes) => Buffer.from(bytes)));

type Damage = (bytes: Buffer) => Buffer;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (bytes: Buffer, part: number) => Math.floor(part * bytes.length);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  place.map((part) => (bytes: Buffer) => bytes.subarray(0, at(bytes, part))),
  place.map((part) => (bytes: Buffer) => bytes.subarray(at(bytes, part))),
  fc.tuple(place, piece).map(([part, added]) => (bytes: Buffer) => {
    const where = at(bytes, part);
    return Buffer.concat([bytes.subarray(0, where), added, bytes.subarray(where)]);
  }),
  fc.tuple(place, fc.nat(7)).map(([part, bit]) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes);
    const where = at(bytes, part);
    if (where < flipped.length) flipped[where] = (flipped[where] ?? 0) ^ (1 << bit);
    return flipped;
  }),
  fc.tuple(place, fc.nat(20)).map(([part, length]) => (bytes: Buffer) => {
    const where = at(bytes, part);
    return Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + length)]);
  }),
  fc.tuple(place, place, fc.nat(40)).map(([from, to, times]) => (bytes: Buffer) => {
    const [start, end] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
    const again = Array<Buffer>(times).fill(bytes.subarray(start, end));
    return Buffer.concat([bytes.subarray(0, end), ...again, bytes.subarray(end)]);
  }),
);

/** Files with one to four faults: cut, flipped, added, left out, repeated. */
export const damagedDocuments: fc.Arbitrary<Document> = fc
  .tuple(documents, fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([{ format, bytes }, damages]) => {
    return { format, bytes: damages.reduce((so, next) => next(so), bytes) };
  });

const HEADER = 'email,first_name,last_name';
const length = fc.integer({ min: 1, max: 2_000_000 });

/** Files that are huge in one respect. Lengths in bytes; nothing is longer than some 3 MB. */
export const giants: fc.Arbitrary<Document> = fc.oneof(
  fc.tuple(length, fc.constantFrom('a', ' ', '"', ',', '\t', '\r', '田')).map(([size, unit]) => {
    const cell = unit.repeat(size / Buffer.byteLength(unit));
    return csvOf(`${HEADER}\na@${DOMAIN},${cell},Lee\nb@${DOMAIN},Bo,Lee\n`);
  }),
  length.map((size) => csvOf(`${HEADER}\na@${DOMAIN},"Ana,Lee\n${'b,c,d\n'.repeat(size / 6)}`)),
  length.map((size) => csvOf(`${HEADER}${',x'.repeat(size / 2)}\n${'a\n'.repeat(size / 4)}`)),
  length.map((size) => csvOf(`${HEADER}\n${',\n'.repeat(size / 2)}`)),
  length.map((size) => csvOf('\n'.repeat(size))),
  fc
    .tuple(length, fc.constantFrom('[', '{"a":', '"', '\\"', '[]', '1', ' '))
    .map(([size, unit]) => {
      const value = unit.repeat(size / unit.length);
      return jsonOf(`[{"email":"a@${DOMAIN}","first_name":${value}`);
    }),
  length.map((size) => {
    const depth = Math.floor(size / 2);
    return jsonOf(`[{"email":${'['.repeat(depth)}${']'.repeat(depth)}}]`);
  }),
  length.map((size) => {
    const keys = Array.from({ length: Math.ceil(size / 12) }, (_, index) => `"k${index}":1`);
    return jsonOf(`[{${keys.join(',')}}]`);
  }),
  length.map((size) => jsonOf(`[${'{},'.repeat(size / 3)}{}]`)),
);

function csvOf(text: string): Document {
  return { format: 'csv', bytes: Buffer.from(text) };
}

function jsonOf(text: string): Document {
  return { format: 'json', bytes: Buffer.from(text) };
}
