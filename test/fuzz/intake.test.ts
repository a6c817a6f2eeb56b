import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsFor } from './reading.ts';

const csvUnit = fc.constantFrom(
  ...['a', 'Ana', '@', 'ana@example.com', 'é', '田', '😀', "'", '\u2019', '4', '"', '""', ' '],
  ...[',', ',', ';', '\t', '\n', '\n', '\r\n', '\r', '\0', '\uFEFF', '\u00a0', '\ud83d'],
);
const csvBody = fc.string({ unit: csvUnit, maxLength: 60 });
const csvLine = fc
  .tuple(...(['email', 'name', 'name', 'any'] as const).map(cellLike))
  .map((cells) => cells.join(','));

function cellLike(kind: 'email' | 'name' | 'any'): fc.Arbitrary<string> {
  const any = fc.string({ unit: 'grapheme', maxLength: 12 });
  const quoted = any.map((text) => `"${text.replaceAll('"', '""')}"`);
  if (kind === 'email') return fc.oneof({ weight: 6, arbitrary: fc.emailAddress() }, quoted);
  if (kind === 'name') return fc.oneof(fc.constantFrom('Ana', "O'Neil", 'Ольга'), quoted, any);
  return fc.oneof(fc.constantFrom('', 'User', 'guest', '4'), quoted);
}

test('any text as CSV gives entries or one error of the file', async () => {
  await holdsFor('csv', fc.oneof(fc.string({ unit: 'binary' }), csvBody));
});

test('any text under a good header gives entries or one error of the file', async () => {
  const withHeader = csvBody.map((body) => `email,first_name,last_name\n${body}`);
  const seen = await holdsFor('csv', withHeader);
  expect([...seen]).toEqual(expect.arrayContaining(['entries', 'E_FILE_MALFORMED']));
});

test('rows that look like people give entries or one error of the file', async () => {
  const lines = fc.array(csvLine, { minLength: 1, maxLength: 20 });
  const file = fc
    .tuple(lines, fc.constantFrom('\n', '\r\n', '\r'))
    .map(([rows, end]) => ['email,first name,surname,role', ...rows].join(end));
  expect(await holdsFor('csv', file)).toContain('entries');
});

test.each(['csv', 'json', 'ndjson'] as const)('any bytes as %s give one error', async (format) => {
  await holdsFor(format, fc.uint8Array({ maxLength: 200 }));
});

const key = fc.oneof(
  fc.constantFrom('email', 'E-Mail', 'first_name', 'last_name', 'type', 'department', '__proto__'),
  fc.string(),
);
const record = fc.oneof(
  { weight: 5, arbitrary: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })) },
  {
    weight: 5,
    arbitrary: fc.record({
      email: fc.emailAddress(),
      firstName: fc.constantFrom('Ana', 'Bo', ''),
      lastName: fc.jsonValue({ maxDepth: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);
const records = fc.array(record, { minLength: 1, maxLength: 8 });

/** A text with one piece of it replaced. */
function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const patch = fc.string({ unit: fc.constantFrom(...'[]{},:"\\\n 1e'), maxLength: 3 });
  return fc.tuple(text, fc.nat(), fc.nat(2), patch).map(([whole, at, length, piece]) => {
    const start = at % (whole.length + 1);
    return whole.slice(0, start) + piece + whole.slice(start + length);
  });
}

test('any JSON, whole or damaged, gives entries or one error of the file', async () => {
  const whole = records.map((value) => JSON.stringify(value, null, 1));
  const seen = await holdsFor('json', fc.oneof(whole, damaged(whole), fc.json()));
  expect([...seen]).toEqual(expect.arrayContaining(['entries', 'E_FILE_MALFORMED']));
});

test('any NDJSON, whole or damaged, gives entries or one error of the file', async () => {
  const whole = records.map((values) => values.map((value) => JSON.stringify(value)).join('\n'));
  const seen = await holdsFor('ndjson', fc.oneof(whole, damaged(whole), fc.string()));
  expect([...seen]).toEqual(expect.arrayContaining(['entries', 'E_FILE_MALFORMED']));
});
