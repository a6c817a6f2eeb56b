import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnboardError } from '../../src/errors.ts';
import { withoutGuard } from '../../src/formula-guard.ts';
import { CsvReader } from '../../src/intake/csv/read-csv.ts';
import { readAll } from './intake-fixtures.ts';

const header = 'email,first_name,last_name\n';

function read(text: string, size?: number) {
  return readAll(new CsvReader('p.csv'), text, size);
}

function refusal(text: string, size?: number): OnboardError {
  try {
    read(text, size);
  } catch (error) {
    if (error instanceof OnboardError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('cells are trimmed and come with the line on which their record starts', () => {
  expect(read(`${header}a@x.org,  Ana ,\u00a0Lee\uFEFF\nb@x.org,Bo,\n`)).toEqual([
    { line: 2, raw: { email: 'a@x.org', firstName: 'Ana', lastName: 'Lee' }, faults: [] },
    { line: 3, raw: { email: 'b@x.org', firstName: 'Bo', lastName: '' }, faults: [] },
  ]);
});

test('empty lines and rows of delimiters are skipped and still counted', () => {
  const text = `\n\n${header}\n  \n,,\na@x.org,Ana,Lee\n\n"",,""\n\nb@x.org,Bo,Lee\n\n`;
  expect(read(text).map(({ line, raw }) => [line, raw.email])).toEqual([
    [7, 'a@x.org'],
    [11, 'b@x.org'],
  ]);
});

test('a header may be quoted, hold line ends and follow rows of delimiters', () => {
  const text = ';;\n"E-Mail";"First\nname";"Last name, or ""surname"""\na@x.org;Ana;Lee\n';
  expect(() => read(text)).toThrow('no column for last_name');
  const mended = text.replace(', or ""surname""', '');
  for (const size of [1, 4, 1000]) {
    expect(read(mended, size)).toEqual([
      { line: 4, raw: { email: 'a@x.org', firstName: 'Ana', lastName: 'Lee' }, faults: [] },
    ]);
  }
});

test('rows of no cells but line ends cost time only', () => {
  const text = `${header}"a@x.org",Ana,Lee\n${'\n'.repeat(50_000)}"b@x.org",Bo,Lee\n`;
  expect(read(text).map(({ line }) => line)).toEqual([2, 50_003]);
});

test('the last line needs no line end', () => {
  expect(read(`${header}a@x.org,Ana,Lee`)).toHaveLength(1);
  expect(read(`${header}a@x.org,Ana,"Lee"`)).toHaveLength(1);
});

test('quoted cells hold delimiters, quotes and line ends; lines stay physical', () => {
  const text = [
    '"email","first_name","last_name","notes"',
    'a@x.org,"Ana","Lee, ""Jr""",',
    '"b@x.org","Bo","Lee","one',
    '',
    'three, ""four"""',
    'c@x.org, "Cy" ,"Lee" ,',
    '',
  ].join('\n');
  expect(read(text).map(({ line, raw }) => ({ line, ...raw }))).toEqual([
    { line: 2, email: 'a@x.org', firstName: 'Ana', lastName: 'Lee, "Jr"' },
    {
      line: 3,
      email: 'b@x.org',
      firstName: 'Bo',
      lastName: 'Lee',
      comment: 'one\n\nthree, "four"',
    },
    { line: 6, email: 'c@x.org', firstName: 'Cy', lastName: 'Lee' },
  ]);
});

test.each([
  ['fewer', 'a@x.org,Ana', '2'],
  ['more', 'a@x.org,Ana,Lee,Smith', '4'],
  ['more, quoted', 'a@x.org,"Ana",Lee,Smith', '4'],
])('a row with %s cells than the header is a fault of that row', (_what, row, value) => {
  const records = read(`${header}${row}\nb@x.org,Bo,Lee\n`);
  expect(records.map(({ faults }) => faults)).toEqual([
    [{ field: 'row', code: 'cell-count', value, reason: expect.stringContaining('header 3') }],
    [],
  ]);
});

test.each([
  ['never closed', 'a@x.org,Ana,Lee\nb@x.org,"Bo,Lee\nc@x.org,Cy,Lee\n', 3, 'never closed'],
  ['never closed on the last line', 'a@x.org,Ana,"Lee', 2, 'never closed'],
  ['inside a bare cell', 'a@x.org,Ana,Lee\n\nb@x.org,B"o,Lee\nc@x.org,C"y,Lee\n', 4, 'middle'],
  ['followed by text', 'a@x.org,"Ana" Maria,Lee\n', 2, 'middle'],
  ['followed by text on a later line', 'a@x.org,"An\na" Maria,Lee\n', 3, 'middle'],
])('a quote %s is a malformed file, reported with its line', (_what, rows, line, words) => {
  for (const size of [1, 3, 7, 1000]) {
    const error = refusal(header + rows, size);
    expect(error.code).toBe('E_FILE_MALFORMED');
    expect(error.message).toMatch(new RegExp(`^p\\.csv:${line}: .*${words}`));
    expect(error.message).not.toContain('x.org');
  }
});

test('a quote that swallows the file is found before memory is gone', () => {
  const reader = new CsvReader('p.csv');
  reader.push(`${header}a@x.org,Ana,"Lee\n`);
  const pushForEver = () => {
    for (let rows = 0; rows < 1000; rows += 1) reader.push('b@x.org,Bo,Lee\n'.repeat(1000));
  };
  expect(pushForEver).toThrow(
    expect.objectContaining({
      code: 'E_FILE_MALFORMED',
      message: expect.stringContaining('p.csv:2: the record that starts here has more than'),
    }),
  );
});

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '田', ' ', "'", '.', '@') }),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\n', ',', ';', ' ') })
    .map((text) => `"${text.replaceAll('"', '""')}"`),
);
const row = fc.array(cell, { minLength: 3, maxLength: 3 }).map((cells) => cells.join());
const rows = fc.array(fc.oneof({ weight: 5, arbitrary: row }, fc.constantFrom('', ' ', ',,')));

/** The result of csv-parse for the whole text, without the apostrophes before formulas. */
function reference(text: string): string[][] {
  const cells = parse(text, {
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
  });
  return cells.slice(1).map((record) => record.map((value) => withoutGuard(value.trim()).trim()));
}

test('any well-formed text in any slices reads as csv-parse reads it whole', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (lines, size) => {
      const text = header + lines.join('\n');
      const got = read(text, size).map(({ raw }) => [raw.email, raw.firstName, raw.lastName]);
      expect(got).toEqual(reference(text));
    }),
    { numRuns: 500 },
  );
});

test('every record starts on the line that it is said to start on', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (lines, size) => {
      const numbered = lines.map((line, index) =>
        /^[ ,]*$/.test(line) ? line : `${line},${index}-`,
      );
      const text = `email,first_name,last_name,notes\n${numbered.join('\n')}`;
      for (const { line, raw } of read(text, size)) {
        const index = Number.parseInt(raw.comment ?? '', 10);
        const before = ['header', ...numbered.slice(0, index)].join('\n');
        expect(line).toBe(before.split('\n').length + 1);
      }
    }),
  );
});

test('a header of 200,000 cells does not make every row as dear', () => {
  const wide = `${header.trimEnd()}${',x'.repeat(200_000)}\n`;
  const reader = new CsvReader('p.csv');
  const records = readAll(reader, `${wide}${'a\n'.repeat(200_000)}`, 50_000);
  expect(records).toHaveLength(200_000);
  expect(records[0]?.faults).toMatchObject([{ code: 'cell-count', value: '1' }]);
  expect(reader.facts().ignored).toEqual(Array(50).fill('x'));
});
