import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Entry, faultCodes } from '../../src/intake/entry.ts';
import { emailIdentity, personSchema } from '../../src/people/person.ts';
import { entriesOf, open } from './intake-fixtures.ts';

const example = (name: string) => `examples/${name}`;

async function entriesOfExample(name: string): Promise<Entry[]> {
  return entriesOf(await open([example(name)]));
}

function personsIn(entries: readonly Entry[]) {
  return entries.flatMap((entry) => (entry.kind === 'person' ? [entry.person] : []));
}

test('people.csv holds 202 people, 6 of them a second time, and 8 rejected rows', async () => {
  const source = await open([example('people.csv')]);
  const entries = await entriesOf(source);
  const persons = personsIn(entries);
  const spellings = new Set(persons.map(({ email }) => email));
  const identities = new Set(persons.map(({ email }) => emailIdentity(email)));
  expect({
    rows: source.rows,
    ignored: source.ignoredColumns,
    persons: persons.length,
    spellings: spellings.size,
    identities: identities.size,
    rejected: entries.length - persons.length,
  }).toEqual({
    rows: 216,
    ignored: [],
    persons: 208,
    spellings: 205,
    identities: 202,
    rejected: 8,
  });
});

test('the rejected rows of people.csv differ in their faults', async () => {
  const codes = (await entriesOfExample('people.csv')).flatMap((entry) =>
    entry.kind === 'rejected' ? [entry.faults.map((fault) => fault.code).join()] : [],
  );
  expect(codes).toEqual([
    'email-domain',
    'email-local',
    'required',
    'name-characters',
    'name-beyond-bmp',
    'type-guest',
    'type-unknown',
    'email-shape,culture-shape',
  ]);
});

test('every script of people.csv is there after reading', async () => {
  const names = personsIn(await entriesOfExample('people.csv'))
    .map(({ firstName }) => firstName)
    .join(' ');
  const scripts = [
    ...['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Arabic', 'Hebrew', 'Devanagari'],
    ...['Bengali', 'Tamil', 'Thai', 'Khmer', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Ethiopic'],
  ];
  for (const script of scripts) {
    expect(names, script).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  }
});

test('people.json holds 12 people, one of them a room admin', async () => {
  const allowedTypes = ['RoomAdmin'] as const;
  const persons = personsIn(
    await entriesOf(await open([example('people.json')], { allowedTypes })),
  );
  expect(persons).toHaveLength(12);
  expect(new Set(persons.map(({ type }) => type))).toEqual(new Set(['User', 'RoomAdmin']));
  for (const person of persons) expect(personSchema.parse(person)).toEqual(person);
});

test('each row of people-every-fault.csv has the one fault that its comment names', async () => {
  const named: string[] = [];
  for (const entry of await entriesOfExample('people-every-fault.csv')) {
    if (entry.kind === 'person') throw new Error(`line ${entry.at.line} has no fault`);
    const code = entry.raw.comment?.split(':')[0] ?? '';
    expect(entry.faults.map((fault) => fault.code)).toEqual([code]);
    named.push(code);
  }
  // JSON alone has values that are not text, workbooks formulas, and --split-name whole names.
  expect([...named, 'not-text', 'no-value', 'name-split'].sort()).toEqual([...faultCodes].sort());
});

test('already-there.txt names ten different people of people.csv', async () => {
  const lines = (await readFile(example('already-there.txt'), 'utf8')).trim().split('\n');
  const known = new Set(
    personsIn(await entriesOfExample('people.csv')).map(({ email }) => emailIdentity(email)),
  );
  expect(new Set(lines).size).toBe(10);
  expect(lines.filter((line) => !known.has(emailIdentity(line)))).toEqual([]);
});

test('all addresses of the examples are at domains kept for examples', async () => {
  const names = ['people.csv', 'people.json', 'people-every-fault.csv', 'already-there.txt'];
  for (const name of names) {
    const text = await readFile(example(name), 'utf8');
    // Two faulty rows have domains that cannot exist: no top level, and punycode.
    const domains = [...text.matchAll(/@([\w.-]+)/g)].map(([, domain]) => domain);
    const others = domains.filter(
      (domain) => !/^(mail\.)?example\.(com|org|net)$/i.test(`${domain}`),
    );
    expect(others.filter((domain) => domain !== 'example')).toEqual(
      name === 'people-every-fault.csv' ? ['xn--exmple-cua.com'] : [],
    );
  }
});
