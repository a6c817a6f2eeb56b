import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import { type Format, readerFor } from '../../src/intake/format.ts';
import { readAll } from './intake-fixtures.ts';

const ana = { email: 'ana@x.org', first_name: 'Ana', last_name: 'Lee' };
const rawAna = { email: 'ana@x.org', firstName: 'Ana', lastName: 'Lee' };

function read(format: Format, text: string, size?: number) {
  return readAll(readerFor(format, 'p', { names: new ColumnNames() }), text, size);
}

function refusal(format: Format, text: string, size?: number): OnboardError {
  try {
    read(format, text, size);
  } catch (error) {
    if (error instanceof OnboardError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test.each([1, 2, 3, 10, 1000])('an array is read in slices of %i, with lines', (size) => {
  const text = `\n[\n  ${JSON.stringify(ana, null, 2)}\n  ,\n  ${JSON.stringify(ana)}\n]\n\n`;
  expect(read('json', text, size)).toEqual([
    { line: 3, raw: rawAna, faults: [] },
    { line: 9, raw: rawAna, faults: [] },
  ]);
});

test.each([1, 2, 3, 10, 1000])('lines of objects are read in slices of %i', (size) => {
  const text = `${JSON.stringify(ana)}\n\n  \n${JSON.stringify(ana)}`;
  expect(read('ndjson', text, size)).toEqual([
    { line: 1, raw: rawAna, faults: [] },
    { line: 4, raw: rawAna, faults: [] },
  ]);
});

test('brackets, commas, quotes and backslashes inside texts part nothing', () => {
  const comment = '}],[{"\\ \\" \\\\" ,';
  const text = JSON.stringify([{ ...ana, comment }, ana]);
  for (const size of [1, 2, 3, 1000]) {
    expect(read('json', text, size).map(({ raw }) => raw.comment)).toEqual([comment, undefined]);
  }
});

test('any people in any slices are read as they were written', () => {
  const word = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
  const person = fc.record({ email: word, firstName: word, lastName: word });
  const people = fc.array(person, { minLength: 1 });
  fc.assert(
    fc.property(people, fc.integer({ min: 1, max: 60 }), fc.boolean(), (given, size, pretty) => {
      const array = JSON.stringify(given, null, pretty ? 2 : 0);
      const lines = given.map((item) => JSON.stringify(item)).join('\n');
      expect(read('json', array, size).map(({ raw }) => raw)).toEqual(given);
      expect(read('ndjson', lines, size).map(({ raw }) => raw)).toEqual(given);
    }),
  );
});

test('keys are read in any usual spelling, others are ignored and reported', () => {
  const reader = readerFor('ndjson', 'p', { names: new ColumnNames() });
  const person = { 'E-Mail': 'ana@x.org', Vorname: 'Ana', Nachname: 'Lee', phone: { home: 1 } };
  expect(readAll(reader, JSON.stringify(person))).toMatchObject([{ raw: rawAna, faults: [] }]);
  expect(reader.facts().ignored).toEqual(['phone.home']);
});

test('numbers, null and arrays of departments are cells too', () => {
  const person = { ...ana, type: 4, culture: null, departments: ['a', 'b'], notes: true };
  expect(read('json', JSON.stringify([person]))).toEqual([
    { line: 1, raw: { ...rawAna, type: '4', department: ['a', 'b'], comment: 'true' }, faults: [] },
  ]);
});

test.each([
  ['email', { ...ana, email: { home: 'x' } }, '(an object)'],
  ['firstName', { ...ana, first_name: ['Ana'] }, '(an array)'],
  ['department', { ...ana, department: ['a', 5] }, '(an array)'],
  ['department', { ...ana, department: { id: 'a' } }, '(an object)'],
])('a value of %s that is no text is a fault of its row', (field, person, value) => {
  expect(read('json', JSON.stringify([person, ana])).map(({ faults }) => faults)).toEqual([
    [{ field, code: 'not-text', value, reason: expect.any(String) }],
    [],
  ]);
});

test('a row may lack a key that others have', () => {
  const nameless = { email: 'b@x.org', first_name: 'Bo' };
  expect(read('json', JSON.stringify([ana, nameless]))[1]?.raw.lastName).toBe('');
});

test.each(['json', 'ndjson'] as const)(
  '%s in which no object has a column is refused',
  (format) => {
    const person = { email: 'b@x.org', vorname: 'Bo', phone: '1' };
    const error = refusal(format, JSON.stringify(format === 'json' ? [person] : person));
    expect(error.code).toBe('E_FILE_COLUMNS');
    expect(error.message).toContain('no column for last_name; found: "email", "vorname", "phone".');
  },
);

test('two keys of one meaning in one object are named', () => {
  const text = JSON.stringify([ana, { ...ana, 'e-mail': 'b@x.org' }]).replace('},', '},\n');
  const error = refusal('json', text);
  expect(error.code).toBe('E_FILE_COLUMNS');
  expect(error.message).toContain('p:2: "email" and "e-mail" both mean');
});

const one = JSON.stringify(ana);
const malformedJson: [string, string, number][] = [
  ['an object at the top', `\n${one}`, 2],
  ['a text at the top', '"x"', 1],
  ['a number at the top', '\n\n5', 3],
  ['a word at the top', 'null', 1],
  ['no end of the array', `[\n${one}\n`, 3],
  ['no end of an object', `[\n${one},\n{"email":\n`, 3],
  ['no end of a text', `[\n${one},\n"email\n`, 3],
  ['a number among the objects', `[${one},\n5]`, 2],
  ['an array among the objects', `[${one},\n[]]`, 2],
  ['null among the objects', `[\nnull]`, 2],
  ['a comma before the end', `[${one},\n]`, 2],
  ['two commas', `[${one},\n,${one}]`, 2],
  ['a comma at the start', `[\n,${one}]`, 2],
  ['no comma', `[\n${one}\n${one}]`, 2],
  ['more after the array', `[${one}]\n\n${one}`, 3],
  ['a second array', `[${one}][${one}]`, 1],
  ['a brace too many', `[${one}\n}]`, 2],
  ['only a brace', '[\n}]', 2],
  ['single quotes', `[\n{'email':'x'}]`, 2],
  ['a bracket of the wrong kind', `[\n{"email":[}}]`, 2],
  ['a comment', `[ // people\n${one}]`, 1],
];

test.each(malformedJson)(
  'a JSON file with %s is malformed, reported with its line',
  (_what, text, line) => {
    for (const size of [1, 2, 5, 1000]) {
      const error = refusal('json', text, size);
      expect(error.code).toBe('E_FILE_MALFORMED');
      expect(error.message).toMatch(new RegExp(`^p:${line}: `));
      expect(error.message).not.toContain('x.org');
      expect(error.cause).toBeUndefined();
    }
  },
);

test.each([
  ['half an object', `${one}\n{"email":\n${one}`],
  ['an array', `${one}\n[${one}]`],
  ['a number', `${one}\n5`],
  ['two objects', `${one}\n${one}${one}`],
])('an NDJSON file with %s on a line is malformed, reported with its line', (_what, text) => {
  const error = refusal('ndjson', text);
  expect(error.code).toBe('E_FILE_MALFORMED');
  expect(error.message).toMatch(/^p:2: /);
  expect(error.message).not.toContain('x.org');
});

test('an object in place of an array is an error that names the other format', () => {
  expect(refusal('json', one).message).toContain('--format ndjson');
});

test.each(['json', 'ndjson'] as const)('a giant record in %s is refused early', (format) => {
  const reader = readerFor(format, 'p', { names: new ColumnNames() });
  const pushForEver = () => {
    reader.push(format === 'json' ? '[\n{"email":"' : '\n{"email":"');
    for (let slices = 0; slices < 1000; slices += 1) reader.push('x'.repeat(10_000));
  };
  expect(pushForEver).toThrow(
    expect.objectContaining({
      code: 'E_FILE_MALFORMED',
      message: expect.stringContaining('p:2: the record that starts here has more than'),
    }),
  );
});

test('nesting of any depth is one fault, not a crash', () => {
  const depth = 200_000;
  const text = `[{"email":${'['.repeat(depth)}${']'.repeat(depth)}},${one}]`;
  expect(read('json', text)).toMatchObject([{ faults: [{ code: 'not-text' }] }, { faults: [] }]);
});

test('the number of keys that are remembered has an end', () => {
  const reader = readerFor('ndjson', 'p', { names: new ColumnNames() });
  for (let row = 0; row < 3000; row += 1) {
    reader.push(`${JSON.stringify({ ...ana, [`key ${row}`]: row })}\n`);
  }
  expect(reader.end()).toEqual([]);
  expect(reader.facts().ignored).toHaveLength(50);
});
