import { expect, test } from 'vitest';
import { entryMaker } from '../../src/intake/cells/validate.ts';
import type { Fault } from '../../src/intake/entry.ts';

import { ana, entryOf, faultsOf, guid, personOf, rules } from './rows-of.ts';

test('cells of groups are kept as they are: names are found on the portal', () => {
  const department = [` ${guid};Sales `, 'R&D\u00ad', 'Ops\nand more', ''];
  expect(personOf({ department }).department).toEqual([`${guid};Sales`, 'R&D', 'Ops and more']);
});

test.each([
  'c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e',
  'cd84e66b-b803-40fc-99f9-b2969a54a1de',
  'ABEF62DB-11A8-4673-9D32-EF1D8AF19DC0',
  '88f11e7c-7407-4bea-b4cb-070010cdbb6b',
  'aced04fa-dd96-4b35-af3e-346bf1eb972d',
])('nobody becomes an administrator or a guest by the system group %s', (id) => {
  const faults = faultsOf({ department: [`Sales; ${id}`] });
  expect(faults).toMatchObject([{ field: 'department', code: 'group-reserved' }]);
  expect(faultsOf({ department: [id] }, { ...rules, readsGroups: false })).toEqual([]);
});

test.each([
  ['is too long', 'x'.repeat(2001), /2000 characters/],
  ['has a control character', 'Sales\u0007', /control character/],
])('a name of a group that %s keeps nobody out', (_, cell, said) => {
  const entry = entryOf({ department: [cell, 'Ops'] });
  expect(entry).toMatchObject({ kind: 'person', person: { department: ['Ops'] } });
  expect(entry.kind === 'person' ? entry.warnings : []).toMatchObject([
    expect.stringMatching(said),
  ]);
});

test.each(['not-text', 'no-value'] as const)(
  'a cell of groups with the fault %s keeps nobody out',
  (code) => {
    const fault: Fault = { field: 'department', code, value: '(an object)', reason: 'Because.' };
    const record = { line: 7, raw: { ...ana, comment: 'new' }, faults: [fault] };
    expect(entryMaker(rules, 'people.csv')(record)).toMatchObject({
      kind: 'person',
      person: { comment: 'new', department: undefined },
      warnings: ['department: left out. Because.'],
    });
  },
);

test('a list whose groups are ignored has none', () => {
  const given = { ...rules, readsGroups: false };
  expect(personOf({ department: ['Sales'] }, given).department).toBeUndefined();
});
