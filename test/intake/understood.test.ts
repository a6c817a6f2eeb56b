import { expect, test } from 'vitest';
import { workbook } from '../support/workbook.ts';
import { entriesFrom, entriesOf, fileWith, onboardErrorFrom, open } from './intake-fixtures.ts';

const guid = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
const header = 'Employee ID,First Name,Last Name,Work Email,Department,Type,Language,Notes';
const row = (n: number, department: string, type: string, language: string) =>
  `${n},Ana,Lima,p${n}@example.org,${department},${type},${language},ok`;
const hr = [
  header,
  row(1, 'Sales', 'Full-time', 'English'),
  row(2, 'IT', 'Part-time', 'German'),
  '',
];

test('columns of an HR export that nobody meant are ignored, each with one warning', async () => {
  const path = await fileWith('hr.csv', hr.join('\n'));
  const source = await open([path], { allowedTypes: ['DocSpaceAdmin'] });
  expect(await entriesOf(source)).toEqual(
    [1, 2].map((n) => ({
      kind: 'person',
      at: { file: path, line: n + 1 },
      person: {
        email: `p${n}@example.org`,
        firstName: 'Ana',
        lastName: 'Lima',
        type: 'User',
        department: [n === 1 ? 'Sales' : 'IT'],
        comment: 'ok',
      },
    })),
  );
  expect(source.remarks.map(({ code }) => code)).toEqual(Array(2).fill('column-not-understood'));
  const [about] = source.remarks.filter(({ text }) => text.includes('"Type"'));
  expect(about?.text).toBe(
    `${path}: the column "Type" is not read as type, because none of its 2 values is a type of account; to have such rows rejected instead: --map "Type=type"; to leave out this warning: --ignore "Type"`,
  );
});

test('the same columns of a workbook and of JSON are ignored', async () => {
  const cells = hr.slice(0, 3).map((line) => line.split(','));
  expect(await entriesFrom('hr.xlsx', workbook({ A: cells }))).toMatchObject([
    { kind: 'person' },
    { kind: 'person' },
  ]);
  const person = { email: 'a@b.org', firstName: 'Ana', lastName: 'Lee' };
  const list = [
    { ...person, department: { id: 7, name: 'Sales' }, language: ['en'], type: 'Contractor' },
  ];
  const source = await open([await fileWith('hr.json', JSON.stringify(list))]);
  expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person }]);
  expect(source.remarks).toHaveLength(3);
});

test('where one value is understood the other rows are rejected', async () => {
  const some = [...hr.slice(0, 3), row(3, guid, 'Room admin', 'de'), ''].join('\n');
  const entries = await entriesFrom('hr.csv', some);
  const faults = entries.map((entry) =>
    entry.kind === 'rejected' ? entry.faults.map(({ code }) => code) : [],
  );
  const both = ['type-unknown', 'culture-shape'];
  expect(faults).toEqual([both, both, ['type-over-ceiling']]);
});

test.each([
  ['type', 'Guest', 'type-guest'],
  ['type', 'DocSpaceAdmin', 'type-over-ceiling'],
])('a column %s that holds nothing but %s is meant', async (column, value, code) => {
  const text = `email,first_name,last_name,${column}\na@b.org,Ana,Lee,${value}\n`;
  expect(await entriesFrom('p.csv', text)).toMatchObject([
    { kind: 'rejected', faults: [{ code }] },
  ]);
});

test('a mapped column is meant, whatever it holds', async () => {
  const source = await open([await fileWith('hr.csv', hr.join('\n'))], {
    maps: ['Language=culture'],
  });
  expect(await entriesOf(source)).toMatchObject([
    { kind: 'rejected', faults: [{ code: 'culture-shape' }] },
    { kind: 'rejected', faults: [{ code: 'culture-shape' }] },
  ]);
});

test('rows outside --only help to understand a column', async () => {
  const text = `${header}\n${row(1, '', 'User', '')}\n${row(2, '', 'Boss', '')}\n`;
  const source = await open([await fileWith('hr.csv', text)], { only: ['3'] });
  expect(await entriesOf(source)).toMatchObject([
    { kind: 'rejected', faults: [{ code: 'type-unknown' }] },
  ]);
});

test('ignored columns are not read and not warned of, and change what is submitted', async () => {
  const some = [...hr.slice(0, 3), row(3, '', 'User', 'de'), ''].join('\n');
  const path = await fileWith('hr.csv', some);
  const ignore = ['type', 'LANGUAGE', 'Department'];
  const source = await open([path], { ignore });
  expect(await entriesOf(source)).toMatchObject([
    { kind: 'person' },
    { kind: 'person' },
    { kind: 'person' },
  ]);
  expect(source.remarks).toEqual([]);
  expect(source.ignoredColumns).toEqual(['Employee ID', 'Department', 'Type', 'Language']);
  expect(source.digest).not.toBe((await open([path])).digest);
  expect(source.digest).toBe((await open([path], { ignore: ignore.toReversed() })).digest);
});

test('an ignored header that no file has is an error', async () => {
  const path = await fileWith('hr.csv', hr.join('\n'));
  const error = await onboardErrorFrom(open([path], { ignore: ['Salary'] }));
  expect([error.code, error.message]).toEqual([
    'E_FILE_COLUMNS',
    `${path}: --ignore: no column "Salary" found; check the header, or remove the flag.`,
  ]);
});

test('an ignored column can be one of two of a meaning', async () => {
  const path = await fileWith('p.csv', 'mail,email,first name,last name\nx,a@b.org,Ana,Lee\n');
  const source = await open([path], { ignore: ['mail'] });
  expect(await entriesOf(source)).toMatchObject([{ person: { email: 'a@b.org' } }]);
});

test('every file is understood alone', async () => {
  const typed = 'email,first_name,last_name,type\na@b.org,Ana,Lee,User\n';
  const files = [await fileWith('a.csv', typed), await fileWith('hr.csv', hr.join('\n'))];
  const entries = await entriesOf(await open(files));
  expect(entries.map(({ kind }) => kind)).toEqual(['person', 'person', 'person']);
});

const columns = 'email,first_name,last_name,type,comment';

test.each([
  ['a missing optional cell', 'a@b.org,Ana,Lee,User', undefined],
  ['missing optional cells', 'a@b.org,Ana,Lee', undefined],
  ['empty cells at the end', 'a@b.org,Ana,Lee,User,tea,,,', undefined],
  ['cells of spaces at the end', 'a@b.org,Ana,Lee,User,tea, ," "', undefined],
  [
    'a cell too many',
    'a@b.org,Ana,Lee,User,tea,x',
    /header 5; quote a cell that holds the delimiter\.$/,
  ],
  [
    'a missing required cell',
    'a@b.org,Ana',
    /^The row has 2 cells and the header 5; it ends before last_name\. Add the missing cells\.$/,
  ],
  ['one cell', 'a@b.org', /ends before first_name, last_name\./],
])('a row with %s', async (_what, text, reason) => {
  const [entry] = await entriesFrom('p.csv', `${columns}\n${text}\n`);
  if (reason === undefined)
    expect(entry).toMatchObject({ kind: 'person', person: { firstName: 'Ana' } });
  else
    expect(entry).toMatchObject({
      faults: [{ field: 'row', code: 'cell-count', reason: expect.stringMatching(reason) }],
    });
  expect(entry?.kind === 'rejected' && entry.faults[0]?.reason.includes('quote')).toBe(
    text.endsWith(',x'),
  );
});

test('a short row is rejected by what it lacks, not by its place', async () => {
  const text = 'comment;last name;first name;e-mail;notes2\nhi;Lee;Ana;a@b.org\nhi;Lee;Ana\n';
  expect(await entriesFrom('p.csv', text)).toMatchObject([
    { kind: 'person' },
    { kind: 'rejected' },
  ]);
});
