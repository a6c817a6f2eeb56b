import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workbook, zip } from '../support/workbook.ts';
import {
  entriesFrom,
  entriesOf,
  fileWith,
  onboardErrorFrom,
  open,
  refusalOf,
  temporaryFolder,
} from './intake-fixtures.ts';

const header = ['E-Mail', 'First name', 'Last name', 'Comment'];
const ana = ['ana@example.com', 'Ana', 'Lee'];

test('rows of a sheet become people, each with its row number', async () => {
  const entries = await entriesFrom(
    'people.xlsx',
    workbook({ People: [null, header, ana, null, ['bo', 'Bo']] }),
  );
  expect(entries).toMatchObject([
    { kind: 'person', at: { line: 3 }, person: { email: 'ana@example.com', lastName: 'Lee' } },
    { kind: 'rejected', at: { line: 5 }, raw: { email: 'bo', lastName: '' } },
  ]);
});

test('cells are texts as the file has them', async () => {
  const number = { xml: '><v>0049123456789012345678</v>' };
  const cells = [
    { xml: ' t="str"><f>A1</f><v>cy@example.com</v>' },
    { xml: ' t="inlineStr"><is><r><t>C</t></r><r><t>y</t></r></is>' },
    "O'Neil",
    number,
  ];
  const date = ['di@example.com', 'Di', 'Lee', { xml: ' s="1"><v>46349</v>' }];
  const error = [{ xml: ' t="e"><v>#N/A</v>' }, 'Ed', 'Lee', { xml: ' t="b"><v>1</v>' }];
  const guarded = ['ed@example.com', 'Ed', 'Lee', "'=1+1"];
  const entries = await entriesFrom(
    'p.xlsx',
    workbook({ A: [header, cells, date, error, guarded] }),
  );
  expect(entries).toMatchObject([
    {
      person: {
        email: 'cy@example.com',
        firstName: 'Cy',
        lastName: "O'Neil",
        comment: number.xml.slice(4, -4),
      },
    },
    { person: { comment: '2026-11-23' } },
    { kind: 'rejected', faults: [{ field: 'email', code: 'no-value' }] },
    { person: { comment: '=1+1' } },
  ]);
});

test('cells beside the table, spaces and rows of spaces are no faults', async () => {
  const rows = [
    header,
    [...ana, '', 'beside', 'the table'],
    [' ', ' '],
    ['bo@example.com', ' Bo '],
  ];
  const entries = await entriesFrom('p.xlsx', workbook({ A: rows }));
  expect(entries.map(({ kind, at }) => [kind, at.line])).toEqual([
    ['person', 2],
    ['person', 4],
  ]);
});

test('a sheet is named, or counted from 1; the first is taken else', async () => {
  const two = workbook({ '2': [header, ana], One: [header, ['bo@example.com', 'Bo', 'Lee']] });
  const path = await fileWith('p.xlsx', two);
  const first = async (sheet?: string) => {
    const [entry] = await entriesOf(await open([path], sheet === undefined ? {} : { sheet }));
    return entry?.kind === 'person' ? entry.person.email : entry;
  };
  expect(await first()).toBe('ana@example.com');
  expect(await first('One')).toBe('bo@example.com');
  expect(await first('1')).toBe('ana@example.com');
  // A name has precedence over a number.
  expect(await first('2')).toBe('ana@example.com');
  const refused = await onboardErrorFrom(open([path], { sheet: 'Three' }));
  expect([refused.code, refused.message]).toEqual([
    'E_USAGE',
    `--sheet Three: ${path} has no such sheet; it has "2", "One"`,
  ]);
  const csv = await fileWith('p.csv', 'email,first_name,last_name\na@b.org,A,B\n');
  expect((await onboardErrorFrom(open([csv], { sheet: '1' }))).code).toBe('E_USAGE');
});

test('another sheet of the same workbook is another submission', async () => {
  const path = await fileWith(
    'p.xlsx',
    workbook({ A: [header, ana], B: [header, ['b@b.org', 'B']] }),
  );
  const digest = async (sheet: string) => (await open([path], { sheet })).digest;
  expect(await digest('A')).toBe(await digest('1'));
  expect(await digest('A')).not.toBe(await digest('B'));
});

test('the rows lie in a file without a name, which nobody else can open', async () => {
  const [path, spoolDir] = [
    await fileWith('p.xlsx', workbook({ A: [header, ana] })),
    await temporaryFolder(),
  ];
  const source = await open([path], { spoolDir });
  expect(await readdir(spoolDir)).toEqual([]);
  expect(await entriesOf(source)).toHaveLength(1);
  await source.close();
});

const hollow = zip({ 'xl/_rels/workbook.xml.rels': '', 'xl/workbook.xml': '' });

test.each<[string, string | Buffer, string, RegExp]>([
  [
    'an old or locked workbook',
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'E_FILE_FORMAT',
    /old format/,
  ],
  ['nothing', '', 'E_FILE_MALFORMED', /no readable XLSX workbook/],
  ['text', 'email,first_name\n', 'E_FILE_MALFORMED', /no readable XLSX workbook/],
  ['another archive', zip({ 'a.txt': 'a' }), 'E_FILE_MALFORMED', /no readable XLSX workbook/],
  ['an archive of empty parts', hollow, 'E_FILE_MALFORMED', /no readable XLSX workbook/],
  [
    'half of one',
    workbook({ A: [header, ana] }).subarray(0, 400),
    'E_FILE_MALFORMED',
    /no readable XLSX/,
  ],
  ['no rows', workbook({ A: [header] }), 'E_FILE_EMPTY', /this file has no rows/],
  ['no header', workbook({ A: [ana] }), 'E_FILE_COLUMNS', /put a header line before it/],
  [
    'a title in place of a header',
    workbook({ A: [['', 'Staff', '', '2026'], ana] }),
    'E_FILE_COLUMNS',
    /:1: .*found: "Staff", "2026"\./,
  ],
])('%s is one clear error', async (_, content, code, message) => {
  const refused = await refusalOf('p.xlsx', content);
  expect([refused.code, refused.message]).toEqual([code, expect.stringMatching(message)]);
  expect(refused.message).not.toContain('ana@example.com');
});

test('a missing file is reported as for every format, and a workbook named .csv as such', async () => {
  const absent = await onboardErrorFrom(open([join(await temporaryFolder(), 'p.xlsx')]));
  expect([absent.code, absent.message]).toEqual([
    'E_FILE_UNREADABLE',
    expect.stringMatching(/no such file/),
  ]);
  const named = await refusalOf('p.csv', workbook({ A: [header, ana] }));
  expect([named.code, named.message]).toEqual([
    'E_FILE_FORMAT',
    expect.stringMatching(/--format xlsx/),
  ]);
});
