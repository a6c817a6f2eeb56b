import type { ReportRow, RowToMend } from '../ledger/report-rows.ts';

export type RowFormat = 'csv' | 'json' | 'ndjson';

export const reportColumns = [
  'file',
  'line',
  'email',
  'name',
  'state',
  'code',
  'reason',
  'portalId',
  'attempts',
  'invited',
] as const satisfies readonly (keyof ReportRow)[];

/** First those that intake reads, so that the file is a list of people as it is. */
export const mendColumns = [
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
] as const satisfies readonly (keyof RowToMend)[];

/** Rows as text in one of the formats, piece by piece. */
export async function* rowsText<Row extends object>(
  rows: AsyncIterable<Row>,
  { columns, format }: { columns: readonly (keyof Row)[]; format: RowFormat },
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  if (format === 'json') yield '[';
  let separator = '\n';
  for await (const row of rows) {
    if (format === 'csv') yield csvLine(columns.map((column) => String(row[column])));
    else if (format === 'ndjson') yield `${JSON.stringify(row)}\n`;
    else {
      yield `${separator}${JSON.stringify(row)}`;
      separator = ',\n';
    }
  }
  if (format === 'json') yield '\n]\n';
}

/**
 * RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe in front. So does
 * one that looks as if it had one already: intake takes just one away, and has the cell as it was.
 */
function csvLine(texts: readonly string[]): string {
  const cells = texts.map((text) => {
    const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(',')}\r\n`;
}
