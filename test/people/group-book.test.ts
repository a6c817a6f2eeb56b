import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupBook } from '../../src/people/group-book.ts';
import { groupIdentity, mayBeMade } from '../../src/people/groups.ts';

const idOf = (n: number) => `5b1e8a52-0c1d-4f6e-9a7b-00000000000${n}`;
const book = (...names: string[]) =>
  new GroupBook(names.map((name, n) => ({ id: idOf(n), name, membersCount: 10 * n })));
const namesOf = (cell: string, known: GroupBook) => {
  const { groups, missing } = known.resolve(cell);
  return [groups.map(({ name }) => name), missing];
};

test.each([
  ['  sales ', 'Sales'],
  ['VERTRIEB AUẞENDIENST', 'Vertrieb Außendienst'],
  ['Cafe\u0301', 'CAFÉ'],
  ['ΟΔΟΣ', 'οδος'],
])('the name %s in a list is the group %s', (cell, name) => {
  expect(namesOf(cell, book(name))).toEqual([[name], []]);
});

test.each([
  ['a name with a semicolon is one group', 'R;D', [['R;D'], []]],
  ['a name beside one with a semicolon', 'R;D|Sales', [['R;D', 'Sales'], []]],
  ['several names', 'Sales; Ops', [['Sales', 'Ops'], []]],
  ['several names, of which one is unknown', 'Sales | Salez', [['Sales'], ['Salez']]],
  ['an unknown name with a comma', 'Lee, Ana', [[], ['Lee, Ana']]],
  ['one group twice', 'Sales;SALES', [['Sales'], []]],
  ['nothing between separators', ';|;', [[], []]],
  ['part of a name', 'Sale', [[], ['Sale']]],
])('a cell with %s', (_, cell, expected) => {
  expect(namesOf(cell, book('R;D', 'Sales', 'Ops'))).toEqual(expected);
});

test.each([';', ',', ' ', '; '])('ids may be separated by %j and be in any case', (separator) => {
  const known = book('Sales', 'Ops');
  const cell = [idOf(0).toUpperCase(), idOf(1)].join(separator);
  expect(namesOf(cell, known)).toEqual([['Sales', 'Ops'], []]);
});

test('an id that the portal does not list is missing', () => {
  expect(namesOf(idOf(7), book('Sales'))).toEqual([[], [idOf(7)]]);
});

test('a name that several groups have is no group, and all of them are listed', () => {
  const known = book('Sales', 'sales', 'Ops');
  expect(namesOf('SALES', known)).toEqual([[], ['SALES']]);
  expect([...known.ambiguous]).toEqual([
    ['SALES', [expect.objectContaining({ id: idOf(0) }), expect.objectContaining({ id: idOf(1) })]],
  ]);
  expect(namesOf(idOf(1), known)).toEqual([['sales'], []]);
});

test('an unknown name comes with the names most like it', () => {
  expect(book('Sales', 'Ops', 'Sales West').nearest('Salez')).toEqual(['Sales']);
});

test('where groups cannot be read, ids stay and names are missing', () => {
  const { groups, missing } = GroupBook.unread().resolve(`${idOf(1)};Sales`);
  expect([groups, missing]).toEqual([[{ id: idOf(1), name: idOf(1) }], ['Sales']]);
});

test.each([
  ['Sales', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['Team 🚀', false],
  [idOf(1), false],
])('a group %j may be made: %s', (name, may) => {
  expect(mayBeMade(name)).toBe(may);
});

test('the identity of a name is stable', () => {
  expect(groupIdentity(groupIdentity(' ÀB '))).toBe(groupIdentity('àb'));
});

const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => {
  return text.trim() !== '' && !/[;|]/.test(text);
});

test('names with any separator between them are found in any case and order', () => {
  const names = fc.uniqueArray(word, { selector: groupIdentity, minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(names, fc.constantFrom(';', '|', ' ; ', ' | '), (list, separator) => {
      const known = book(...list);
      const cell = list.map((name) => name.toUpperCase()).join(separator);
      const found = known.resolve(cell);
      expect([found.missing, found.groups.map(({ name }) => name)]).toEqual([[], list]);
    }),
  );
});

test('any cell is read without an error, and every part is a group or missing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (cell) => {
      const { groups, missing } = book('a', 'b;c').resolve(cell);
      expect(new Set(missing.map(groupIdentity)).size).toBe(missing.length);
      expect(groups.length + missing.length).toBeLessThanOrEqual(cell.length);
    }),
  );
});
