import { expect, test } from 'vitest';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import { entriesOf, fileWith, onboardErrorFrom, open } from './intake-fixtures.ts';

test('a mapped header means its column, however it is written', () => {
  const names = new ColumnNames({ maps: ['Dienst-Adresse = email', 'a=b=Vorname'] });
  const meanings = names.meaningsOf(['dienst adresse', 'A=B', 'last name']);
  expect(meanings).toEqual(['email', 'firstName', 'lastName']);
});

test('a column that is mapped has no other name', () => {
  const names = new ColumnNames({ maps: ['Work=email'] });
  expect(names.meaningsOf(['E-Mail', 'work'])).toEqual([undefined, 'email']);
});

test.each(['', 'email', '=email', 'Work=', 'Work=phone', ' - =email'])('%j is refused', (map) => {
  expect(() => new ColumnNames({ maps: [map] })).toThrow(
    /^--map .*columns are email, first_name, last_name/,
  );
});

test('a header or a column is mapped once', () => {
  expect(() => new ColumnNames({ maps: ['A=email', 'B=email'] })).toThrow('is mapped already');
  expect(() => new ColumnNames({ maps: ['A=email', 'a=type'] })).toThrow('is mapped already');
});

const rows = [{ Adresse: 'a@x.org', Rufname: 'Ana', 'last name': 'Lee', email: 'old@x.org' }];
const contents: [string, string][] = [
  ['p.csv', 'Adresse,Rufname,last name,email\na@x.org,Ana,Lee,old@x.org\n'],
  ['p.json', JSON.stringify(rows)],
  ['p.ndjson', JSON.stringify(rows[0])],
];

test.each(contents)(
  '%s is read by the mapping, which is a part of what is submitted',
  async (name, text) => {
    const path = await fileWith(name, text);
    const maps = ['Adresse=email', 'Rufname=first_name'];
    const source = await open([path], { maps });
    const person = { email: 'a@x.org', firstName: 'Ana', lastName: 'Lee' };
    expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person }]);
    expect(source.ignoredColumns).toEqual(['email']);
    expect((await open([path], { maps: maps.toReversed() })).digest).toBe(source.digest);
    const other = await open([path], { maps: ['Rufname=first_name'] });
    expect(other.digest).not.toBe(source.digest);
  },
);

test('a header that no file has is reported', async () => {
  const path = await fileWith('p.csv', 'email,first_name,last_name\na@x.org,Ana,Lee\n');
  const refused = await onboardErrorFrom(open([path], { maps: ['Abteilung X=department'] }));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_COLUMNS',
    `${path}: --map: no column "Abteilung X" found; check the header, or remove the flag.`,
  ]);
});

const heads = 'email,first_name,last_name,Department,Team,Group';
const line = 'ana@example.com,Ana,Lee,Sales,Blue,';

test('several columns of groups are read together', async () => {
  const source = await open([await fileWith('p.csv', `${heads}\n${line}\n`)]);
  expect(await entriesOf(source)).toMatchObject([{ person: { department: ['Sales', 'Blue'] } }]);
});

test('several columns may be mapped to groups, and no other is read then', async () => {
  const maps = ['Team=group', 'Site=department'];
  const path = await fileWith('p.csv', `${heads},Site\n${line},Rome\n`);
  const source = await open([path], { maps });
  expect(await entriesOf(source)).toMatchObject([{ person: { department: ['Blue', 'Rome'] } }]);
  expect(source.ignoredColumns).toEqual(['Department', 'Group']);
});

test('several keys of groups are read together', async () => {
  const person = { email: 'ana@example.com', first_name: 'Ana', last_name: 'Lee' };
  const list = [{ ...person, department: 'Sales', groups: ['R;D', 'Ops'] }];
  const source = await open([await fileWith('p.json', JSON.stringify(list))]);
  const department = ['Sales', 'R;D', 'Ops'];
  expect(await entriesOf(source)).toMatchObject([{ person: { department } }]);
});
