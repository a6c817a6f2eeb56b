import { expect, test } from 'vitest';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import { findCsvHeader, headOf } from '../../src/intake/csv/csv-header.ts';
import { delimiterFrom } from '../../src/intake/csv/delimiter.ts';
import { entriesFrom, fileWith, open, refusalOf } from './intake-fixtures.ts';

test.each([
  ['email', 'email'],
  ['E-Mail', 'email'],
  ['e_mail', 'email'],
  ['Email Address', 'email'],
  ['MAIL', 'email'],
  ['E-Mail-Adresse', 'email'],
  ['correo electronico', 'email'],
  ['first_name', 'firstName'],
  ['firstName', 'firstName'],
  ['First Name', 'firstName'],
  ['FIRST.NAME', 'firstName'],
  ['  first-name  ', 'firstName'],
  ['Given name', 'firstName'],
  ['Forename', 'firstName'],
  ['Vorname', 'firstName'],
  ['Prénom', 'firstName'],
  ['PRENOM', 'firstName'],
  ['Pre\u0301nom', 'firstName'],
  ['Имя', 'firstName'],
  ['last_name', 'lastName'],
  ['lastName', 'lastName'],
  ['Last Name', 'lastName'],
  ['Surname', 'lastName'],
  ['family_name', 'lastName'],
  ['Nachname', 'lastName'],
  ['Nom', 'lastName'],
  ['type', 'type'],
  ['Role', 'type'],
  ['culture', 'culture'],
  ['cultureName', 'culture'],
  ['Language', 'culture'],
  ['locale', 'culture'],
  ['Department', 'department'],
  ['departments', 'department'],
  ['Group', 'department'],
  ['Groups', 'department'],
  ['Team', 'department'],
  ['Gruppe', 'department'],
  ['comment', 'comment'],
  ['Notes', 'comment'],
])('the header %j means %s', (header, column) => {
  expect(new ColumnNames().meaningsOf([header])).toEqual([column]);
});

test.each(['name', 'id', '', '   ', 'constructor', '__proto__', 'phone'])(
  '%j means none',
  (header) => {
    expect(new ColumnNames().meaningsOf([header])).toEqual([undefined]);
  },
);

test.each([
  ['email,first_name,last_name', ','],
  ['email;first_name;last_name', ';'],
  ['email\tfirst_name\tlast_name', '\t'],
  ['email|first_name|last_name', '|'],
  ['email;"last_name, in capitals, please, all";first_name', ';'],
  ['email;first_name;last_name;a,b,c,d,e,f,g,h', ';'],
  ['"email";"first_name";"last_name"', ';'],
  ['email', ','],
  ['a;b;c', ';'],
])('the delimiter of %j is %j', (header, delimiter) => {
  const names = new ColumnNames();
  expect(findCsvHeader(headOf(header), { delimiter: undefined, names })?.delimiter).toBe(delimiter);
});

test.each([
  [',', ','],
  [';', ';'],
  ['^', '^'],
  ['\t', '\t'],
  ['tab', '\t'],
  ['\\t', '\t'],
])('--delimiter %j is %j', (option, delimiter) => {
  expect(delimiterFrom(option)).toBe(delimiter);
});

test.each(['', '"', '\n', ' ', ';;', 'a', '5', '@', '\u{1f600}', '\0'])(
  '--delimiter %j is wrong usage',
  (option) => {
    expect(() => delimiterFrom(option)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  },
);

test('a given delimiter wins over the header', async () => {
  const path = await fileWith('p.csv', 'email^first_name^last_name,x\na@example.com^Ana^Lee\n');
  const error = await refusalOf('p.csv', 'email^first_name^last_name\n');
  expect(error.code).toBe('E_FILE_COLUMNS');
  await expect(open([path], { delimiter: '^' })).rejects.toThrow('last_name');
});

test('columns in any order are found, others are ignored and reported', async () => {
  const text = 'Phone,Surname,E-mail,,Given Name\n1,Lee,a@example.com,x,Ana\n';
  const source = await open([await fileWith('p.csv', text)]);
  expect(source.ignoredColumns).toEqual(['Phone']);
  expect(await entriesFrom('p.csv', text)).toMatchObject([
    { person: { email: 'a@example.com', firstName: 'Ana', lastName: 'Lee' } },
  ]);
});

test.each([
  ['email,last_name', 'first_name'],
  ['first_name,last_name', 'email'],
  ['email,first_name', 'last_name'],
  ['name,phone', 'email, first_name, last_name'],
])('a header %j lacks %s', async (header, missing) => {
  const error = await refusalOf('people.csv', `\n${header}\nx,y\n`);
  expect(error.code).toBe('E_FILE_COLUMNS');
  expect(error.message).toContain(`:2: no column for ${missing};`);
  for (const name of header.split(',')) expect(error.message).toContain(`"${name}"`);
});

test('two headers of one meaning are named', async () => {
  const error = await refusalOf('p.csv', 'email,E-Mail,first_name,last_name\na,b,c,d\n');
  expect(error.code).toBe('E_FILE_COLUMNS');
  expect(error.message).toContain(':1: "email" and "E-Mail" both mean the column email');
});

test('a file without a header is an error that does not show its first person', async () => {
  const error = await refusalOf('p.csv', 'ana.secret@example.com,Ana,Lee\n');
  expect(error.code).toBe('E_FILE_COLUMNS');
  expect(error.message).toContain('put a header line before it');
  expect(error.message).not.toMatch(/secret|Ana|Lee/);
});

test('an address among the headers is never shown', async () => {
  const error = await refusalOf('p.csv', 'email,secret@example.com\nx,y\n');
  expect(error.message).toContain('(an e-mail address)');
  expect(error.message).not.toContain('secret');
});

test('a long header is shown short', async () => {
  const error = await refusalOf('p.csv', `email,${'x'.repeat(5000)}\u001b\nx,y\n`);
  expect(error.message.length).toBeLessThan(300);
  expect(error.message).not.toContain('\u001b');
});
