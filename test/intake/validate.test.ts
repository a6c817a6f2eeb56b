import { expect, test } from 'vitest';
import { entryMaker, type PersonRules } from '../../src/intake/cells/validate.ts';
import { type Fault, type FaultCode, faultCodes, type RawPerson } from '../../src/intake/entry.ts';
import { personSchema } from '../../src/people/person.ts';

import { ana, entryOf, faultsOf, guid, personOf, rules } from './rows-of.ts';

const faulty: [FaultCode, Fault['field'], Partial<RawPerson>][] = [
  ['required', 'email', { email: '' }],
  ['required', 'firstName', { firstName: '' }],
  ['too-long', 'email', { email: `${'a'.repeat(244)}@example.com` }],
  ['too-long', 'firstName', { firstName: 'a'.repeat(65) }],
  ['too-long', 'lastName', { lastName: 'é'.repeat(65) }],
  ['control-character', 'email', { email: 'ana\u0000@example.com' }],
  ['control-character', 'firstName', { firstName: 'An\ta' }],
  ['control-character', 'lastName', { lastName: 'Le\u009fe' }],
  ['control-character', 'type', { type: 'Us\u0007er' }],
  ['control-character', 'culture', { culture: 'd\u001be' }],
  ['email-shape', 'email', { email: 'ana' }],
  ['email-shape', 'email', { email: 'ana@' }],
  ['email-shape', 'email', { email: '@example.com' }],
  ['email-shape', 'email', { email: 'ana@lee@example.com' }],
  ['email-shape', 'email', { email: 'Ana Lee <ana@example.com>' }],
  ['email-local', 'email', { email: 'ana lee@example.com' }],
  ['email-local', 'email', { email: 'ana\u00a0lee@example.com' }],
  ['email-local', 'email', { email: 'ana\u200blee@example.com' }],
  ['email-local', 'email', { email: 'ana,lee@example.com' }],
  ['email-local', 'email', { email: 'ana;lee@example.com' }],
  ['email-local', 'email', { email: 'ana:lee@example.com' }],
  ['email-local', 'email', { email: '"ana"@example.com' }],
  ['email-local', 'email', { email: 'ana(lee)@example.com' }],
  ['email-local', 'email', { email: 'ana[lee]@example.com' }],
  ['email-local', 'email', { email: 'ana\\lee@example.com' }],
  ['email-local', 'email', { email: 'ana..lee@example.com' }],
  ['email-local', 'email', { email: '.ana@example.com' }],
  ['email-local', 'email', { email: 'ana.@example.com' }],
  ['email-local', 'email', { email: '\u{1f600}@example.com' }],
  ['email-domain', 'email', { email: 'ana@localhost' }],
  ['email-domain', 'email', { email: 'ana@example.c' }],
  ['email-domain', 'email', { email: 'ana@example.c0m' }],
  ['email-domain', 'email', { email: 'ana@example..com' }],
  ['email-domain', 'email', { email: 'ana@exa mple.com' }],
  ['email-domain', 'email', { email: 'ana@example.com.' }],
  ['email-domain', 'email', { email: 'ana@exämple.com' }],
  ['email-domain', 'email', { email: 'ana@xn--exmple-cua.com' }],
  ['email-domain', 'email', { email: 'ana@[192.0.2.1]' }],
  ['name-characters', 'firstName', { firstName: 'Ana2' }],
  ['name-characters', 'firstName', { firstName: 'Ana.' }],
  ['name-characters', 'lastName', { lastName: 'Lee, Jr' }],
  ['name-characters', 'lastName', { lastName: 'Lee (QA)' }],
  ['name-beyond-bmp', 'firstName', { firstName: 'Ana \u{1f600}' }],
  ['name-beyond-bmp', 'lastName', { lastName: '\u{20bb7}田' }],
  ['type-unknown', 'type', { type: 'Owner' }],
  ...['0', '1', '2', '3', '4', '5', '-4'].map(
    (type): [FaultCode, Fault['field'], Partial<RawPerson>] => ['type-unknown', 'type', { type }],
  ),
  ['type-unknown', 'type', { type: 'User, RoomAdmin' }],
  ['type-guest', 'type', { type: 'Guest' }],
  ['type-over-ceiling', 'type', { type: 'docspace admin' }],
  ['type-over-ceiling', 'type', { type: 'All' }],
  ['culture-shape', 'culture', { culture: 'English' }],
  ['culture-shape', 'culture', { culture: 'en_US' }],
  ['culture-shape', 'culture', { culture: 'en-US-x-twain-und-mehr' }],
  ['group-reserved', 'department', { department: ['cd84e66b-b803-40fc-99f9-b2969a54a1de'] }],
];

test.each(faulty)('%s is the one fault of %s %j', (code, field, cells) => {
  expect(faultsOf(cells)).toEqual([
    { field, code, value: expect.any(String), reason: expect.stringMatching(/^[A-Z].+\S$/) },
  ]);
});

test('every fault code but those of form is in the table above', () => {
  const covered = new Set(faulty.map(([code]) => code));
  const ofForm = ['cell-count', 'not-text', 'name-split', 'no-value'];
  expect([...covered, ...ofForm].sort()).toEqual([...faultCodes].sort());
});

test('every fault of a row is reported at once, with file, line and cells', () => {
  const entry = entryOf({ email: 'ana', firstName: '', lastName: 'Lee 3rd', type: 'guest' });
  expect(entry).toMatchObject({
    kind: 'rejected',
    at: { file: 'people.csv', line: 7 },
    raw: { email: 'ana', firstName: '', lastName: 'Lee 3rd', type: 'guest' },
    faults: [
      { field: 'email', code: 'email-shape', value: 'ana' },
      { field: 'firstName', code: 'required', value: '' },
      { field: 'lastName', code: 'name-characters', value: 'Lee 3rd' },
      { field: 'type', code: 'type-guest', value: 'guest' },
    ],
  });
});

test('one address can be wrong on both sides of the @', () => {
  const codes = faultsOf({ email: 'ana,lee@example' }).map((fault) => fault.code);
  expect(codes).toEqual(['email-local', 'email-domain']);
});

test('a fault of form is kept beside those of the other cells', () => {
  const form: Fault = { field: 'culture', code: 'not-text', value: '(an object)', reason: 'R.' };
  const record = { line: 1, raw: { ...ana, type: 'Boss' }, faults: [form] };
  expect(entryMaker(rules, 'p.json')(record)).toMatchObject({
    faults: [form, { field: 'type', code: 'type-unknown' }],
  });
});

test('a row with a wrong number of cells is not judged cell by cell', () => {
  const form: Fault = { field: 'row', code: 'cell-count', value: '2', reason: 'R.' };
  const record = { line: 1, raw: { email: 'Ana', firstName: '', lastName: '' }, faults: [form] };
  expect(entryMaker(rules, 'p.csv')(record)).toMatchObject({ faults: [form] });
});

test('the value of a fault is short and safe to print', () => {
  const [fault] = faultsOf({ culture: `\u001b[2J\n${'x'.repeat(1000)}` });
  expect(fault?.value).toMatch(/^\\u001b\[2J\\u000ax+…$/);
  expect(fault?.value.length).toBeLessThan(150);
});

const acceptedNames = [
  ...["O'Brien", 'Jean-Luc', 'María José', 'Nguyễn', 'Đặng', 'Σωκράτης', 'Фёдор', 'עמית', 'محمد'],
  ...['राधा', '田中', '王小明', '김', 'Þór', "D'Àngelo", 'a'.repeat(64)],
];

test.each(acceptedNames)('the name %s is accepted', (name) => {
  expect(personOf({ firstName: name, lastName: name })).toMatchObject({
    firstName: name,
    lastName: name,
  });
});

test('typographic apostrophes become the one that the portal takes', () => {
  expect(personOf({ firstName: 'D\u2019Arcy', lastName: 'O\u02bcNeil' })).toMatchObject({
    firstName: "D'Arcy",
    lastName: "O'Neil",
  });
});

test('an empty last name is sent as an empty text', () => {
  expect(personOf({ lastName: '' }).lastName).toBe('');
});

test('names are composed before they are counted', () => {
  const decomposed = 'e\u0301'.repeat(64);
  expect(personOf({ firstName: decomposed }).firstName).toBe('é'.repeat(64));
});

const acceptedEmails = [
  ...[
    'ANA.Lee@Example.COM',
    "o'neil+news@mail.example.org",
    'a@b-c.example.co',
    'josé@example.net',
  ],
  ...['x_1/2=3?{4}|5~6!#$%&*^`@example.com', '李@example.com'],
];

test.each(acceptedEmails)('the address %s is accepted in its own spelling', (email) => {
  expect(personOf({ email }).email).toBe(email);
});

test.each([
  ['user', 'User'],
  ['ROOMADMIN', 'RoomAdmin'],
  ['Room admin', 'RoomAdmin'],
  ['DocSpace admin', 'DocSpaceAdmin'],
  ['docspace_admin', 'DocSpaceAdmin'],
  ['all', 'All'],
] as const)('the type %s means %s, where the submission allows it', (cell, type) => {
  expect(personOf({ type: cell }, { ...rules, allowedTypes: [type] }).type).toBe(type);
});

test.each(['de', 'en-US', 'pt-br', 'sr-Latn-RS', 'es-419', 'fil'])(
  'the culture %s is kept',
  (c) => {
    expect(personOf({ culture: c }).culture).toBe(c);
  },
);

const cultures = ['en-US', 'de', 'pt-BR'];

test.each([
  ['de', 'de', []],
  ['DE', 'de', []],
  ['pt-br', 'pt-BR', []],
  ['de-AT', 'de', ['culture: de-AT became de, which the portal has']],
  ['zz', undefined, ['culture: left out. The portal does not have zz.']],
  ['pt', undefined, ['culture: left out. The portal does not have pt.']],
])(
  'a person with the culture %s gets %s on a portal that lists its languages',
  (cell, sent, said) => {
    const entry = entryOf({ culture: cell }, { ...rules, cultures });
    expect(entry).toMatchObject({ kind: 'person', person: { culture: sent } });
    expect(entry.kind === 'person' ? (entry.warnings ?? []) : []).toEqual(said);
  },
);

test('rows without a type or a culture get those of the submission', () => {
  const given: PersonRules = {
    defaultType: 'RoomAdmin',
    allowedTypes: ['User'],
    defaultCulture: 'de',
  };
  expect(personOf({}, given)).toEqual({ ...ana, type: 'RoomAdmin', culture: 'de' });
  expect(personOf({ type: 'User', culture: 'fr' }, given)).toMatchObject({
    type: 'User',
    culture: 'fr',
  });
  expect(personOf({})).toEqual({ ...ana, type: 'User' });
});

test('the rule for names is replaceable and remembers nothing between rows', () => {
  const namePattern = /^[A-Z2]+$/g;
  const given: PersonRules = { ...rules, namePattern };
  const toEntry = entryMaker(given, 'people.csv');
  const record = { line: 1, raw: { ...ana, firstName: 'ANA2', lastName: '' }, faults: [] };
  expect([toEntry(record).kind, toEntry(record).kind]).toEqual(['person', 'person']);
  expect(faultsOf({ firstName: 'Ana', lastName: '' }, given)).toMatchObject([
    { code: 'name-characters', reason: expect.not.stringContaining('A-Z') },
  ]);
});

test('a person with every field satisfies the schema of a person', () => {
  const person = personOf({
    type: 'user',
    culture: 'zh-Hans-CN',
    department: [guid],
    comment: 'c'.repeat(512),
  });
  expect(personSchema.parse(person)).toEqual(person);
});
