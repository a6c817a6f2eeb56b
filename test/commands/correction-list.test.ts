import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ColumnNames } from '../../src/intake/columns/column-names.ts';
import type { RawPerson } from '../../src/intake/entry.ts';
import { readerFor } from '../../src/intake/format.ts';
import { type RowCells, rowCells } from '../../src/ledger/rows/row-cells.ts';
import { listColumns, type RowFormat, rowsText } from '../../src/overview/rows-text.ts';

/** Trimmed cells as intake stores them, with characters that trouble spreadsheets and CSV. */
const cell = fc
  .string({ unit: fc.constantFrom('a', 'é', "'", '=', '+', '-', '@', '"', ',', ';', ' ', '\n') })
  .map((text) => text.trim());
const filled = cell.map((text) => text || 'x');
const raws: fc.Arbitrary<RawPerson[]> = fc.array(
  fc.record(
    { email: filled, firstName: cell, lastName: cell, type: filled, comment: filled },
    { requiredKeys: ['email', 'firstName', 'lastName'] },
  ),
  { minLength: 1 },
);

function toCells(raw: RawPerson, index: number): RowCells {
  const input = JSON.stringify({ file: '=a.csv', line: index + 2, raw });
  const outcome = JSON.stringify({ code: 'timeout', reason: '=SUM(A1), "no" answer' });
  return rowCells({ input, outcome });
}

async function readAgain(people: readonly RawPerson[], format: RowFormat) {
  let text = '';
  const rows = Readable.from(people.map(toCells));
  for await (const piece of rowsText(rows, { columns: listColumns, format })) text += piece;
  const reader = readerFor(format, `list.${format}`, { names: new ColumnNames() });
  const records = [...reader.push(text.replaceAll('\r\n', '\n')), ...reader.end()];
  return { records, ignored: reader.facts().ignored };
}

test.each(['csv', 'json', 'ndjson'] as const)(
  'intake reads a list to correct in %s as it read the input, and skips the reasons',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(raws, async (people) => {
        const { records, ignored } = await readAgain(people, format);
        expect(records.map(({ raw }) => raw)).toEqual(people);
        expect(records.flatMap(({ faults }) => faults)).toEqual([]);
        expect(ignored).toEqual(['file', 'line', 'code', 'reason']);
      }),
      { numRuns: 300 },
    );
  },
);
