import { CsvError } from 'csv-parse/sync';
import type { ColumnNames } from '../columns/column-names.ts';
import { findHeader, HEADER_LINES } from '../columns/find-header.ts';
import { fileError } from '../file-error.ts';
import { countNewlines } from '../text/lines.ts';
import { csvRows } from './csv-rows.ts';

const delimiters = [',', ';', '\t', '|'];

/** First line of a file for Excel that names the delimiter. */
const SEPARATOR = /^"?sep=(.)"?\s*$/i;

/** A record of CSV: its text, the line that it starts on, and where it ends in the text. */
interface CsvRecord {
  text: string;
  line: number;
  end: number;
}

/** The records in which a header is looked for; whole when no more text can add to them. */
interface CsvHead {
  records: CsvRecord[];
  isWhole: boolean;
}

/** The records of the first 10 lines, and of more while these are empty; a newline ends each. */
export function headOf(text: string): CsvHead {
  const records: CsvRecord[] = [];
  let [start, line] = [0, 1];
  const add = (end: number) => {
    const record = { text: text.slice(start, end), line, end };
    if (record.text.trim() !== '') records.push(record);
    start = end + 1;
    line += countNewlines(record.text) + 1;
  };
  for (const { 0: piece, index } of text.matchAll(/"[^"]*"?|\n/g)) {
    if (piece === '\n') add(index);
    if (line > HEADER_LINES && records.length > 0) return { records, isWhole: true };
  }
  if (start < text.length) add(text.length);
  return { records, isWhole: false };
}

/** The header of a file, with the delimiter and the number of rows before it. */
interface CsvHeader {
  record: CsvRecord;
  delimiter: string;
  skippedRows: number;
}

/**
 * The header in the first lines of a file, and the delimiter: that of the option, of a line `sep=;`,
 * or the one that yields the most known columns. Undefined for a text without rows.
 */
export function findCsvHeader(
  { records }: CsvHead,
  { delimiter, names }: { delimiter: string | undefined; names: ColumnNames },
): CsvHeader | undefined {
  const separator = SEPARATOR.exec(records[0]?.text ?? '')?.[1];
  const given = delimiter ?? separator;
  const tried = given === undefined ? delimiters : [given];
  const candidates = separator === undefined ? records : records.slice(1);
  const found = tried.flatMap((each) => headerWith(each, candidates, names) ?? []);
  const best = found.reduce<(typeof found)[number] | undefined>((before, next) => {
    return before === undefined || next.score > before.score ? next : before;
  }, undefined);
  if (best === undefined) return undefined;
  const { record, delimiter: chosen } = best;
  const before = candidates.slice(0, candidates.indexOf(record));
  const skipped = before.filter(({ text }) => cellsOf(text, chosen).length > 0);
  return { record, delimiter: chosen, skippedRows: skipped.length };
}

/** A whole header counts first, then known columns, the place of the row, and the number of cells. */
function headerWith(delimiter: string, records: readonly CsvRecord[], names: ColumnNames) {
  const rows = records.map((record) => ({ record, cells: cellsOf(record.text, delimiter) }));
  const found = findHeader(rows, names);
  if (found === undefined) return undefined;
  const { record, cells } = found.row;
  const place = HEADER_LINES - records.indexOf(record);
  const known = found.known + (found.isWhole ? 100 : 0);
  const score = (known * 100 + place) * 1_000_000 + cells.length;
  return { record, delimiter, score };
}

/** The cells of one record; none of a malformed one, which is reported when it is read. */
function cellsOf(text: string, delimiter: string): string[] {
  try {
    return csvRows(text, delimiter)[0]?.cells ?? [];
  } catch (error) {
    if (error instanceof CsvError) return [];
    throw error;
  }
}

/**
 * Throws E_FILE_MALFORMED when the only cell of the header is a whole header: programs that quote
 * each line as one cell leave nothing to separate.
 */
export function refuseQuotedLines(
  cell: string | undefined,
  at: { file: string; line: number },
  names: ColumnNames,
): void {
  const inside = cell ?? '';
  const isHeader = delimiters.some((delimiter) => {
    const cells = cellsOf(inside, delimiter);
    return findHeader([{ cells }], names)?.isWhole === true;
  });
  if (!isHeader) return;
  const sentence =
    'every line is quoted as a whole, so that it is one cell; remove the quotes around the lines, and write "" inside them as ".';
  throw fileError('E_FILE_MALFORMED', at, sentence);
}
