import { withGuard } from '../formula-guard.ts';
import type { RowCells } from '../ledger/rows/row-cells.ts';
import type { ReportRow } from '../ledger/rows/stored-rows.ts';
import { jsonText } from '../printable.ts';

export type RowFormat = 'csv' | 'json' | 'ndjson';

export const reportColumns = [
  'file',
  'line',
  'email',
  'name',
  'type',
  'groups',
  'state',
  'code',
  'reason',
  'portalId',
  'attempts',
  'invited',
  'marks',
] as const satisfies readonly (keyof ReportRow)[];

/** Columns that intake reads come first, so that the file is a list of people. */
export const listColumns = [
  'email',
  'first_name',
  'last_name',
  'type',
  'culture',
  'department',
  'comment',
  'file',
  'line',
  'code',
  'reason',
] as const satisfies readonly (keyof RowCells)[];

interface RowsFormat<Row> {
  columns: readonly (keyof Row)[];
  format: RowFormat;
}

/** Rows as text in one of the formats, piece by piece. */
export async function* rowsText<Row extends object>(
  rows: AsyncIterable<Row>,
  { columns, format }: RowsFormat<Row>,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  if (format === 'json') yield '[';
  let separator = '\n';
  for await (const row of rows) {
    if (format === 'csv') yield csvLine(columns.map((column) => cellOf(row[column])));
    else if (format === 'ndjson') yield `${jsonText(row)}\n`;
    else {
      yield `${separator}${jsonText(row)}`;
      separator = ',\n';
    }
  }
  if (format === 'json') yield '\n]\n';
}

function cellOf(value: unknown): string {
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** RFC 4180, with apostrophes that keep spreadsheets from running formulas; intake removes them. */
function csvLine(texts: readonly string[]): string {
  const cells = texts.map((text) => {
    const safe = withGuard(text);
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(',')}\r\n`;
}
