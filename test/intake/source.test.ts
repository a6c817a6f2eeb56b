import { appendFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { unreadableError } from '../../src/intake/input-file.ts';
import {
  entriesFrom,
  entriesOf,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
  temporaryFolder,
} from './intake-fixtures.ts';

const header = 'email,first_name,last_name\n';
const two = `${header}ana@example.com,Ana,Lee\nbo@example.com,Bo,\n`;
const array = JSON.stringify([{ email: 'ana@example.com', first_name: 'Ana', last_name: 'Lee' }]);

test('a file becomes entries with the place of each', async () => {
  const path = await fileWith('people.csv', `${two}cy,Cy,Lee\n`);
  const source = await open([path]);
  expect(source.rows).toBe(3);
  expect(await entriesOf(source)).toEqual([
    {
      kind: 'person',
      at: { file: path, line: 2 },
      person: { email: 'ana@example.com', firstName: 'Ana', lastName: 'Lee', type: 'User' },
    },
    {
      kind: 'person',
      at: { file: path, line: 3 },
      person: { email: 'bo@example.com', firstName: 'Bo', lastName: '', type: 'User' },
    },
    {
      kind: 'rejected',
      at: { file: path, line: 4 },
      raw: { email: 'cy', firstName: 'Cy', lastName: 'Lee' },
      faults: [expect.objectContaining({ field: 'email', code: 'email-shape' })],
    },
  ]);
});

test('entries can be read again, and two readers do not disturb each other', async () => {
  const source = await open([await fileWith('people.csv', two)]);
  const [first, second] = await Promise.all([entriesOf(source), entriesOf(source)]);
  expect(first).toHaveLength(2);
  expect(second).toEqual(first);
  expect(await entriesOf(source)).toEqual(first);
});

test('several files of several formats are one source, in their order', async () => {
  const csv = await fileWith('a.csv', two);
  const json = await fileWith('b.json', array);
  const lines = await fileWith('c.jsonl', array.slice(1, -1));
  const source = await open([csv, json, lines, csv]);
  expect(source.rows).toBe(6);
  const files = (await entriesOf(source)).map(({ at }) => at.file);
  expect(files).toEqual([csv, csv, json, lines, csv, csv]);
});

test.each([
  ['CRLF', two.replaceAll('\n', '\r\n')],
  ['CR', two.replaceAll('\n', '\r')],
  ['mixed', two.replace('\n', '\r\n').replace('\nbo', '\rbo')],
  ['a byte order mark', `\uFEFF${two}`],
  ['semicolons', two.replaceAll(',', ';')],
  ['tabs', two.replaceAll(',', '\t')],
  ['bars', two.replaceAll(',', '|')],
])('a file with %s reads as the plain one', async (_what, text) => {
  const plain = (await entriesFrom('p.csv', two)).map(({ kind, at }) => [kind, at.line]);
  expect((await entriesFrom('p.csv', text)).map(({ kind, at }) => [kind, at.line])).toEqual(plain);
});

test('names in any script survive reads that cut characters in two', async () => {
  // 300,000 bytes of three-byte characters: every read of 262,144 ends inside one.
  const people = Array.from({ length: 6000 }, (_, row) => `p${row}@example.com,田中太郎花子,李王`);
  const entries = await entriesFrom('p.csv', `${header}${people.join('\n')}`);
  expect(entries).toHaveLength(6000);
  const names = entries.map((entry) => (entry.kind === 'person' ? entry.person.firstName : ''));
  expect(new Set(names)).toEqual(new Set(['田中太郎花子']));
});

test.each([
  ['p.tsv', 'csv'],
  ['p.TXT', 'csv'],
])('%s is read as %s', async (name) => {
  expect(await entriesFrom(name, two)).toHaveLength(2);
});

test.each(['p.doc', 'p', 'p.csv.gz'])(
  'the format of %s is not known, and known ones are named',
  async (name) => {
    const error = await refusalOf(name, two);
    expect(error.code).toBe('E_FILE_FORMAT');
    expect(error.message).toMatch(/\.csv, \.tsv, .*\.ndjson, .*--format/);
  },
);

test('--format wins over the name', async () => {
  const source = await open([await fileWith('people.dat', array)], { format: 'json' });
  expect(source.rows).toBe(1);
});

test.each([
  ['p.csv', ''],
  ['p.csv', '\n\n'],
  ['p.csv', header],
  ['p.csv', `\uFEFF${header}\n,,\n`],
  ['p.json', ''],
  ['p.json', ' [ ] '],
  ['p.ndjson', '\n\n'],
])('%s with %j is empty', async (name, text) => {
  expect(await refusalOf(name, text)).toMatchObject({
    code: 'E_FILE_EMPTY',
    message: expect.stringContaining(`${name}: this file has no rows`),
  });
});

test('a fault of form in the last file is found before any entry is given', async () => {
  const good = await fileWith('good.csv', two);
  const bad = await fileWith('bad.csv', `${two}cy@example.com,"Cy,Lee\n`);
  const error = await onboardErrorFrom(open([good, bad]));
  expect(error.code).toBe('E_FILE_MALFORMED');
  expect(error.message).toContain('bad.csv:4:');
  expect(error.details).toEqual({ file: bad, line: 4 });
});

test('a file that is not there, or is a directory, cannot be read', async () => {
  const missing = await onboardErrorFrom(open([join(await temporaryFolder(), 'none.csv')]));
  expect(missing).toMatchObject({ code: 'E_FILE_UNREADABLE' });
  expect(missing.message).toContain('there is no such file');
  const folder = await onboardErrorFrom(open([await temporaryFolder()], { format: 'csv' }));
  expect(folder).toMatchObject({ code: 'E_FILE_UNREADABLE' });
  expect(folder.message).toContain('directory');
});

test('the digest tells contents, their order and their borders apart', async () => {
  const rows = ['ana@example.com,Ana,Lee\n', 'bo@example.com,Bo,Lee\n'];
  const one = await fileWith('one.csv', `${header}${rows[0]}`);
  const other = await fileWith('other.csv', `${header}${rows[1]}`);
  const copy = await fileWith('copy.csv', `${header}${rows[0]}`);
  const joined = await fileWith('joined.csv', `${header}${rows[0]}${header}${rows[1]}`);
  const submissions = [[one], [one, other], [other, one], [one, one], [joined]];
  const digests = await Promise.all(submissions.map(async (files) => (await open(files)).digest));
  expect(new Set(digests).size).toBe(submissions.length);
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect((await open([copy])).digest).toBe(digests[0]);
});

test('a file that grew between the passes is refused before its first entry', async () => {
  const path = await fileWith('p.csv', two);
  const source = await open([path]);
  await appendFile(path, 'cy@example.com,Cy,Lee\n');
  const error = await onboardErrorFrom(source.entries().next());
  expect(error.code).toBe('E_FILE_CHANGED');
  expect(error.message).toContain('p.csv');
});

test.each([
  ['still well-formed', two.replace('Ana', 'Eva')],
  ['malformed now', two.replace('Ana', '"na')],
  ['not UTF-8 now', Buffer.from(two.replace('Ana', 'Ané'), 'latin1')],
])('a change that keeps size and time is found by the digest: %s', async (_what, content) => {
  const path = await fileWith('p.csv', two);
  const { atime, mtime } = await stat(path);
  await utimes(path, atime, mtime);
  const source = await open([path]);
  await writeFile(path, content);
  await utimes(path, atime, mtime);
  expect((await onboardErrorFrom(entriesOf(source))).code).toBe('E_FILE_CHANGED');
});

test('a file that is gone in the second pass has changed', async () => {
  const path = await fileWith('p.csv', two);
  const source = await open([path]);
  await rm(path);
  expect((await onboardErrorFrom(entriesOf(source))).code).toBe('E_FILE_CHANGED');
});

test('a file that this user may not read says so', () => {
  const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(unreadableError('p.csv', cause).message).toBe(
    'p.csv: the file cannot be read: this user may not read it.',
  );
});

test.each([
  ['no file', { files: [] }],
  ['standard input twice', { files: ['-', '-'], format: 'csv' as const }],
  ['a delimiter of two characters', { files: ['p.csv'], delimiter: ';;' }],
  ['a culture that is none', { files: ['p.csv'], defaultCulture: 'Klingon' }],
])('%s is wrong usage', async (_what, { files, ...options }) => {
  expect((await onboardErrorFrom(open(files, options))).code).toBe('E_USAGE');
});

test('an aborted signal ends either pass with its reason', async () => {
  const path = await fileWith('p.csv', two);
  const abort = new AbortController();
  const source = await open([path], { signal: abort.signal });
  abort.abort(new Error('Ctrl-C'));
  await expect(entriesOf(source)).rejects.toThrow('Ctrl-C');
  await expect(open([path], { signal: abort.signal })).rejects.toThrow('Ctrl-C');
});

test('an abort ends the wait for standard input and leaves no file', async () => {
  const spoolDir = await temporaryFolder();
  const abort = new AbortController();
  const stdin = new PassThrough();
  const opening = open(['-'], { stdin, format: 'csv', spoolDir, signal: abort.signal });
  stdin.write(two);
  abort.abort(new Error('Ctrl-C'));
  await expect(opening).rejects.toThrow('Ctrl-C');
  expect(await readdir(spoolDir)).toEqual([]);
});
