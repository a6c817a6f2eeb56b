import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { guessable } from '../support/encoded.ts';
import {
  entriesFrom,
  entriesOf,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
} from './intake-fixtures.ts';

const text = 'email;first_name;last_name\na@b.org;José;Müller\n';
const person = { firstName: 'José', lastName: 'Müller' };
const utf16 = (words: string) => Buffer.from(words, 'utf16le');

test.each([
  ['UTF-16 with a mark', utf16(`\uFEFF${text}`), 'utf-16le'],
  ['UTF-16 without one', utf16(text), 'utf-16le'],
  ['big-endian UTF-16 with a mark', utf16(`\uFEFF${text}`).swap16(), 'utf-16be'],
  ['big-endian UTF-16 without one', utf16(text).swap16(), 'utf-16be'],
])('%s is read by itself, and said', async (_what, bytes, encoding) => {
  const path = await fileWith('p.csv', bytes);
  const source = await open([path]);
  expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person }]);
  expect(source.remarks).toEqual([{ code: 'encoding', text: `${path}: read as ${encoding}` }]);
});

test('UTF-16 of a spreadsheet with tabs and Cyrillic headers is read', async () => {
  const words = 'Почта\tИмя\tФамилия\r\na@b.org\tАнна\tКим\r\n';
  const entries = await entriesFrom('p.txt', utf16(words));
  expect(entries).toMatchObject([{ person: { firstName: 'Анна', lastName: 'Ким' } }]);
});

test('UTF-16 of a JSON list is read', async () => {
  const list = JSON.stringify([{ email: 'a@b.org', ...person }]);
  expect(await entriesFrom('p.json', utf16(list))).toMatchObject([{ person }]);
});

test.each([
  ['windows-1252', Buffer.from(text, 'latin1')],
  ['ISO-8859-1', Buffer.from(text, 'latin1')],
  ['latin1', Buffer.from(text, 'latin1')],
  ['utf-16le', utf16(text)],
  ['UTF8', Buffer.from(text)],
])('--encoding %s is obeyed', async (encoding, bytes) => {
  const path = await fileWith('p.csv', bytes);
  expect(await entriesOf(await open([path], { encoding }))).toMatchObject([{ person }]);
});

test('letters and apostrophes that windows-1252 has beyond ISO-8859-1 are read as a spreadsheet wrote them', async () => {
  const row = Buffer.concat([
    Buffer.from('a@b.org;'),
    Buffer.from([0x8a, 0xe1]),
    Buffer.from('rka;D'),
    Buffer.from([0x92]),
    Buffer.from('Angelo\n'),
  ]);
  const path = await fileWith(
    'p.csv',
    Buffer.concat([Buffer.from('email;first_name;last_name\n'), row]),
  );
  const read = { firstName: 'Šárka', lastName: "D'Angelo" };
  expect(await entriesOf(await open([path], { encoding: 'windows-1252' }))).toMatchObject([
    { person: read },
  ]);
});

test('--encoding windows-1251 reads what a Russian spreadsheet writes', async () => {
  const path = await fileWith('p.csv', guessable.russian.bytes);
  const source = await open([path], { encoding: 'windows-1251' });
  expect(await entriesOf(source)).toMatchObject([{ person: { firstName: 'Анна' } }, {}, {}]);
  const other = await open([path], { encoding: 'koi8-r' });
  expect(other.digest).not.toBe(source.digest);
});

test('a mark says more than --encoding', async () => {
  const path = await fileWith('p.csv', `\uFEFF${text}`);
  expect(await entriesOf(await open([path], { encoding: 'windows-1252' }))).toMatchObject([
    { person },
  ]);
});

test('an unknown encoding is wrong usage', async () => {
  const refused = await onboardErrorFrom(open(['p.csv'], { encoding: 'ansi-ish' }));
  expect([refused.code, refused.message]).toEqual([
    'E_USAGE',
    expect.stringMatching(/^--encoding ansi-ish: no encoding has this name; .*windows-1252/),
  ]);
});

test.each(Object.entries(guessable))(
  'the terminal shows the first odd word of a %s file, the error only its place',
  async (_what, { bytes, line, column, word, encoding }) => {
    const lines: string[] = [];
    const onOddWord = (shown: string) => lines.push(shown);
    const error = await refusalOf('p.csv', bytes, { onOddWord });
    expect(error.code).toBe('E_FILE_ENCODING');
    expect(error.details).toEqual({ file: expect.stringMatching(/p\.csv$/), line, column });
    expect(error.message).toMatch(new RegExp(`:${line}:${column}: .*--encoding windows-1252`));
    expect(inspect(error, { depth: 9 })).not.toContain(word);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`p\\.csv:${line}:${column}: the word is `));
    expect(lines[0]).toContain(`"${word}" with --encoding ${encoding}`);
    expect(lines[0]?.match(/--encoding/g)).toHaveLength(2);
  },
);

test('the place of the first odd byte is exact, however the file arrives', async () => {
  const long = `${'a@b.org;Ana;Lee\n'.repeat(40_000)}`;
  const bytes = Buffer.from(`email;first_name;last_name\n${long}é@b.org;Bo;M\u00fcller\n`, 'utf8');
  const broken = Buffer.concat([bytes.subarray(0, -7), Buffer.from([0xfc]), Buffer.from('ller\n')]);
  const error = await refusalOf('p.csv', broken);
  expect(error.details).toMatchObject({ line: 40_002, column: 13 });
});

test.each([
  [
    'UTF-32',
    Buffer.from([0xff, 0xfe, 0, 0, 0x65, 0, 0, 0]),
    'E_FILE_ENCODING',
    /UTF-32; save it as UTF-8/,
  ],
  [
    'an old workbook',
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'E_FILE_FORMAT',
    /\(\.xls\); save it as \.xlsx/,
  ],
  ['a PDF', Buffer.from('%PDF-1.7\n\u0000'), 'E_FILE_FORMAT', /PDF.*export the list as CSV/],
  ['bytes of anything', Buffer.from([1, 0, 0, 7, 0, 0, 0, 1]), 'E_FILE_FORMAT', /no text; export/],
])('%s is named as such', async (_what, bytes, code, message) => {
  const error = await refusalOf('p.csv', bytes);
  expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
});

test('text that is not what --encoding says is an error of that encoding', async () => {
  const path = await fileWith(
    'p.csv',
    Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0x80, 0xff])]),
  );
  const error = await onboardErrorFrom(open([path], { encoding: 'shift_jis' }));
  expect([error.code, error.message]).toEqual([
    'E_FILE_ENCODING',
    expect.stringMatching(/not valid shift_jis; name another --encoding/),
  ]);
});

test('a workbook is read whatever --encoding says', async () => {
  const { workbook } = await import('../support/workbook.ts');
  const content = workbook({
    A: [
      ['email', 'first name', 'last name'],
      ['a@b.org', 'José', 'Müller'],
    ],
  });
  const source = await open([await fileWith('p.xlsx', content)], { encoding: 'windows-1252' });
  expect(await entriesOf(source)).toMatchObject([{ person }]);
});
