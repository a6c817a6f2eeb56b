import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvReader } from '../../src/intake/csv/read-csv.ts';
import { readAll } from './intake-fixtures.ts';

const header = 'email,first_name,last_name\n';
const SLICE = 262_144;

/** Runs `work` and counts the errors that csv-parse builds meanwhile, each about 20 µs. */
function errorsDuring(work: () => void): number {
  const { captureStackTrace } = Error;
  let count = 0;
  Error.captureStackTrace = (target) => {
    count += 1;
    captureStackTrace(target);
  };
  try {
    work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
  return count;
}

test.each([
  ['two lengths in turn', (row: number) => (row % 2 === 0 ? 'a' : 'a,b')],
  ['many lengths', (row: number) => 'a,'.repeat(row % 300)],
  ['lengths in turn, with quotes', (row: number) => (row % 2 === 0 ? '"a,\n"' : '"",b')],
])('rows of %s do not cost an error each', (_, textOf) => {
  const lines = Array.from({ length: 40_000 }, (_, row) => textOf(row));
  const text = `${header}${lines.join('\n')}\n`;
  let count = 0;
  const errors = errorsDuring(() => {
    count = readAll(new CsvReader('p.csv'), text, SLICE).length;
  });
  expect(count).toBeGreaterThan(39_000);
  expect(errors).toBeLessThan(101 * Math.ceil(text.length / SLICE + 1));
});

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', ' ', '.') }),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\n', ',', ';', ' ') })
    .map((text) => `"${text.replaceAll('"', '""')}"`),
);
const record = fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells) => cells.join());
const records = fc.array(fc.oneof({ weight: 5, arbitrary: record }, fc.constantFrom('', ' ', ',')));

test('uneven rows read as csv-parse reads them, each with its line', () => {
  fc.assert(
    fc.property(records, (some) => {
      const lines = [
        ...some,
        ...Array.from({ length: 130 }, (_, at) => 'b'.concat(',b'.repeat(at % 4))),
      ];
      const text = `${header}${[...lines, ...some].join('\n')}`;
      const reference = parse(text, {
        relax_column_count: true,
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        trim: true,
      }).slice(1);
      const read = readAll(new CsvReader('p.csv'), text);
      const trimmed = (index: number) => reference.map((cells) => (cells[index] ?? '').trim());
      expect(read.map(({ raw }) => raw.email)).toEqual(trimmed(0));
      expect(read.map(({ raw }) => raw.lastName)).toEqual(trimmed(2));
      const first = read.findIndex(({ raw }) => raw.email === 'b');
      const before = text.slice(0, text.indexOf(lines.slice(some.length).join('\n')));
      expect(read[first]?.line).toBe(before.split('\n').length);
    }),
    { numRuns: 200 },
  );
});

const cells = fc.array(cell, { minLength: 3, maxLength: 3 }).map((some) => some.join());
const evenRecords = fc.array(
  fc.oneof({ weight: 9, arbitrary: cells }, fc.constantFrom('', ' ', ',,', 'a,b')),
);

test('even rows read as csv-parse reads them, each with its line', () => {
  fc.assert(
    fc.property(evenRecords, (some) => {
      const text = `${header}${some.join('\n')}`;
      const expected: { line: number; email: string | undefined }[] = [];
      parse(text, {
        relax_column_count: true,
        record_delimiter: '\n',
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        trim: true,
        on_record: (record: string[], { lines }) => {
          // csv-parse says the line on which a record ends.
          const line = lines - record.join('').split('\n').length + 1;
          expected.push({ line, email: record[0]?.trim() });
        },
      });
      const read = readAll(new CsvReader('p.csv'), text);
      expect(read.map(({ line, raw }) => ({ line, email: raw.email }))).toEqual(expected.slice(1));
    }),
    { numRuns: 500 },
  );
});

test('a quote that is never closed is found among uneven rows too', () => {
  const rows = 'a\na,b\n'.repeat(200);
  expect(() => readAll(new CsvReader('p.csv'), `${header}${rows}x,"y\n${rows}`)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^p\.csv:402: a quote/) }),
  );
});
