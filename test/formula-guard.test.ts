import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvReader } from '../src/intake/csv/read-csv.ts';
import { FileText } from '../src/intake/text/file-text.ts';
import type { RowCells } from '../src/ledger/rows/row-cells.ts';
import { listColumns, rowsText } from '../src/overview/rows-text.ts';
import { readAll } from './intake/intake-fixtures.ts';

const row: RowCells = {
  email: 'ana@example.com',
  first_name: 'Ana',
  last_name: 'Lee',
  type: '',
  culture: '',
  department: '',
  comment: '',
  file: 'people.csv',
  line: 2,
  code: '',
  reason: '',
};

async function exported(comment: string): Promise<string> {
  async function* rows() {
    yield { ...row, comment };
  }
  let text = '';
  for await (const piece of rowsText(rows(), { columns: listColumns, format: 'csv' }))
    text += piece;
  return text;
}

/** The comment after an export and an import. */
async function returned(comment: string): Promise<string | undefined> {
  const decoder = new FileText('p.csv');
  const text = decoder.push(Buffer.from(await exported(comment))) + decoder.end();
  return readAll(new CsvReader('p.csv'), text)[0]?.raw.comment;
}

/** The cells of a spreadsheet that has this separator. */
function cellStarts(text: string, separator: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => line.split(separator));
}

test.each([';', '\t', '|', '\n', '\r', '\r\n'])(
  'a spreadsheet that separates cells by %j runs no formula out of the middle of a cell',
  async (separator) => {
    for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', "'=1", ' =1', '"=1', '\uff1d1']) {
      const text = await exported(`x${separator}${formula}`);
      const starts = cellStarts(text, /[\r\n]/.test(separator) ? ';' : separator);
      expect(starts.filter((cell) => /^[" ]*[=+\-@\uff1d]/.test(cell))).toEqual([]);
    }
  },
);

test.each(['x;=1+1', "x;'=1", "'=1", "''=1", '=1', "'t Hooft", "x|'t Hooft", "a;' =b", 'a;;-b'])(
  'the comment %j is the same after an export and an import',
  async (comment) => {
    expect(await returned(comment)).toBe(comment);
  },
);

test('every text is the same after an export and an import', async () => {
  const pieces = fc.constantFrom(';', '|', '\t', '\n', '=', '+', '-', '@', "'", ' ', '"', ',', 'x');
  const texts = fc.array(pieces, { minLength: 1, maxLength: 12 }).map((all) => all.join('').trim());
  await fc.assert(
    fc.asyncProperty(texts, async (comment) => {
      fc.pre(comment !== '');
      expect(await returned(comment)).toBe(comment);
    }),
    { numRuns: 500 },
  );
});
