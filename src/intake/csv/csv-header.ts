import { CsvError } from 'csv-parse/sync';
import type { ColumnNames } from '../columns/column-names.ts';
import { HEADER_LINES, rate } from '../columns/find-header.ts';
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
  let best: Tried | undefined;
  for (const record of candidates) {
    const found = bestOf(tried.map((each) => tryDelimiter(record, each, names)));
    if (best === undefined || found.isWhole || found.known > best.known) best = found;
    if (best.isWhole) break;
  }
  return best === undefined ? undefined : withSkipped(best, candidates);
}

/** A record read with a delimiter. */
interface Tried extends Pick<CsvHeader, 'record' | 'delimiter'> {
  /** Numbers of known columns, and of cells. */
  known: number;
  cells: number;
  isWhole: boolean;
}

function tryDelimiter(record: CsvRecord, delimiter: string, names: ColumnNames): Tried {
  const cells = cellsOf(record.text, delimiter);
  const { known, isWhole } = rate({ cells }, names);
  return { record, delimiter, known, isWhole, cells: cells.length };
}

/** A whole header counts first, then known columns, then the number of cells, then the order. */
function bestOf(all: readonly Tried[]): Tried {
  const score = ({ isWhole, known, cells }: Tried) => (isWhole ? 1e12 : 0) + known * 1e9 + cells;
  return all.reduce((best, next) => (score(next) > score(best) ? next : best));
}

/** Rows of empty cells before the header are not counted. */
function withSkipped({ record, delimiter }: Tried, candidates: readonly CsvRecord[]): CsvHeader {
  const before = candidates.slice(0, candidates.indexOf(record));
  const skipped = before.filter(({ text }) => cellsOf(text, delimiter).length > 0);
  return { record, delimiter, skippedRows: skipped.length };
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
    return rate({ cells }, names).isWhole;
  });
  if (!isHeader) return;
  const sentence =
    'every line is quoted as a whole, so that it is one cell; remove the quotes around the lines, and write "" inside them as ".';
  throw fileError('E_FILE_MALFORMED', at, sentence);
}
