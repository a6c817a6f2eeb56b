import { expect, test } from 'vitest';
import { decodeInput, emailIn, personOf } from '../../src/ledger/rows/row-codec.ts';
import type { Person } from '../../src/people/person.ts';
import { fill, openSpace } from './fill.ts';

const at = { file: 'people.csv', line: 102 };
const ana: Person = { email: 'ana@example.com', firstName: 'Ana', lastName: 'Lee', type: 'User' };
const people: Person[] = [
  ana,
  { ...ana, email: 'bo@example.com', lastName: '', type: 'RoomAdmin' },
  { ...ana, email: 'cy@example.com', culture: 'de', department: ['Sales'], comment: 'new' },
];

/** The texts of these people in Redis. */
async function storedOf(persons: readonly Person[], warnings?: string[]): Promise<string[]> {
  const ledger = openSpace();
  await fill(
    ledger,
    'b1',
    persons.map((person) => ({ kind: 'person', at, person, warnings })),
  );
  const texts = await ledger.redis.hgetall(`${ledger.keys.rows('b1')}0`);
  return persons.map((_, row) => texts[row] ?? '');
}

test('a row of a list costs Redis 35 bytes besides its cells', async () => {
  const [text = ''] = await storedOf([ana]);
  const cells = [at.file, at.line, ana.email, ana.firstName, ana.lastName].join('');
  expect(text.length - cells.length).toBeLessThanOrEqual(35);
});

test.each([[undefined], [['The comment was cut.']]])(
  'people are read as they were submitted, with the warnings %j',
  async (warnings) => {
    for (const [index, text] of (await storedOf(people, warnings)).entries()) {
      const input = decodeInput(text);
      expect(input).toMatchObject({ ...at, ...(warnings && { warnings }) });
      expect(personOf(input)).toEqual({ person: people[index] });
    }
  },
);

test('rows that an earlier version recorded are read', () => {
  const input = decodeInput(JSON.stringify({ ...at, person: ana }));
  expect(personOf(input)).toEqual({ person: ana });
});

test.each(['{"f":1,"l":2,"p":["a@example.com"]}', '{"f":"f","p":[]}', '{"p":7}', '7'])(
  'the damaged row %s is nobody',
  (text) => {
    expect(personOf(decodeInput(text))).toHaveProperty('damaged');
  },
);

test('the e-mail of a row is read without the rest of it, in each form, and of nobody else', async () => {
  const odd = { ...ana, email: '"a\\b"@example.com' };
  const [short, quoted] = await storedOf([ana, odd]);
  expect(emailIn(short)).toBe(ana.email);
  expect(emailIn(quoted)).toBe(odd.email);
  expect(emailIn(JSON.stringify({ ...at, person: ana }))).toBe(ana.email);
  const rejected = { ...at, raw: { email: 'x', p: ['no@example.com'] } };
  for (const text of [JSON.stringify(rejected), short?.slice(0, -1), '7', null, undefined]) {
    expect(emailIn(text)).toBeUndefined();
  }
});
