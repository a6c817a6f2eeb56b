import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mendColumns, type RowFormat, rowsText } from '../../src/commands/render-rows.ts';
import type { RawPerson } from '../../src/intake/entry.ts';
import { CsvReader } from '../../src/intake/read-csv.ts';
import { JsonReader } from '../../src/intake/read-json.ts';
import { NdjsonReader } from '../../src/intake/read-ndjson.ts';
import { type RowToMend, toRowToMend } from '../../src/ledger/report-rows.ts';

/** Cells as intake keeps them, trimmed, with all that a spreadsheet or a CSV may stumble over. */
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

function toMend(raw: RawPerson, index: number): RowToMend {
  const input = JSON.stringify({ file: '=a.csv', line: index + 2, raw });
  const outcome = JSON.stringify({ code: 'timeout', reason: '=SUM(A1), "no" answer' });
  return toRowToMend({ row: index, state: 'failed', invited: false, input, outcome });
}

const readers = {
  csv: () => new CsvReader('mend.csv'),
  json: () => new JsonReader('mend.json'),
  ndjson: () => new NdjsonReader('mend.ndjson'),
};

async function readAgain(people: readonly RawPerson[], format: RowFormat) {
  let text = '';
  const rows = Readable.from(people.map(toMend));
  for await (const piece of rowsText(rows, { columns: mendColumns, format })) text += piece;
  const reader = readers[format]();
  const records = [...reader.push(text.replaceAll('\r\n', '\n')), ...reader.end()];
  return { records, ignored: reader.ignoredColumns() };
}

test.each(['csv', 'json', 'ndjson'] as const)(
  'intake reads a list to mend in %s as it read the input, and passes the reasons over',
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
