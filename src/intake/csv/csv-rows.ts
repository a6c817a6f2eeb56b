import { CsvError, parse } from 'csv-parse/sync';
import { countNewlines } from '../text/lines.ts';

/** One record: the line that it starts on, from 1 in its text, and its cells. */
export interface CsvRow {
  line: number;
  cells: string[];
}

/**
 * Most records of one text with another number of cells than its first. csv-parse builds an error
 * (30 µs) for each, so that 2 MB of uneven rows took 12 s.
 */
const MOST_UNEVEN = 100;

class TooUneven extends Error {}

/** The rows of a text of whole records; empty records are left out. @throws {CsvError} */
export function csvRows(text: string, delimiter: string): CsvRow[] {
  try {
    return linesOf(text, delimiter) ?? rowsOf(text, delimiter, MOST_UNEVEN);
  } catch (error) {
    if (!(error instanceof TooUneven)) throw error;
    return rowsByWidth(text, delimiter) ?? rowsOf(text, delimiter, Number.POSITIVE_INFINITY);
  }
}

const options = { record_delimiter: '\n', relax_column_count: true, trim: true } as const;

/**
 * The rows of a text whose records all have one line and one width; undefined for another text.
 * csv-parse takes a third of the time when it is not asked for the line of each record.
 */
function linesOf(text: string, delimiter: string): CsvRow[] | undefined {
  try {
    const lines: string[][] = parse(text, { ...options, delimiter, relax_column_count: false });
    // Each record takes a line at least: as many lines as records leave none with two.
    if (lines.length !== countLines(text)) return undefined;
    return lines.map((cells, index) => ({ line: index + 1, cells })).filter(isFilled);
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function countLines(text: string): number {
  return countNewlines(text) + (text === '' || text.endsWith('\n') ? 0 : 1);
}

function isFilled({ cells }: CsvRow): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

function rowsOf(text: string, delimiter: string, mostUneven: number): CsvRow[] {
  const rows: CsvRow[] = [];
  let uneven = 0;
  parse(text, {
    ...options,
    delimiter,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    on_record: (cells: string[], { lines, error }) => {
      if (error !== undefined) uneven += 1;
      if (uneven > mostUneven) throw new TooUneven();
      // `lines` is the line on which the record ends; only its cells can hold newlines.
      const within = cells.reduce((sum, cell) => sum + countNewlines(cell), 0);
      rows.push({ line: lines - within, cells });
      return null;
    },
  });
  return rows;
}

/**
 * Parses the records of each width together, so that none is uneven. Undefined when a record is not
 * well-formed: the text must then be parsed in order, for the line of the fault.
 */
function rowsByWidth(text: string, delimiter: string): CsvRow[] | undefined {
  const records = recordsIn(text, delimiter);
  const groups = new Map<number, number[]>();
  for (const [index, { width }] of records.entries()) {
    const group = groups.get(width);
    if (group === undefined) groups.set(width, [index]);
    else group.push(index);
  }
  const rows: CsvRow[] = [];
  try {
    for (const indices of groups.values()) {
      const texts = indices.map((index) => records[index]?.text ?? '');
      const parsed: string[][] = parse(`${texts.join('\n')}\n`, { ...options, delimiter });
      if (parsed.length !== texts.length) return undefined;
      for (const [at, index] of indices.entries()) {
        rows[index] = { line: records[index]?.line ?? 0, cells: parsed[at] ?? [] };
      }
    }
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
  return rows.filter(isFilled);
}

/** The records of a text with their first lines and their numbers of cells, outside quotes. */
function recordsIn(text: string, delimiter: string) {
  const records: { text: string; line: number; width: number }[] = [];
  let [start, line, width, lines, isQuoted] = [0, 1, 1, 0, false];
  const end = (at: number) => {
    records.push({ text: text.slice(start, at), line, width });
    [start, line, width] = [at + 1, lines + 1, 1];
  };
  for (const { 0: mark, index } of text.matchAll(marksOf(delimiter))) {
    if (mark === '"') isQuoted = !isQuoted;
    if (mark === '\n') lines += 1;
    if (isQuoted || mark === '"') continue;
    if (mark === '\n') end(index);
    else width += 1;
  }
  if (start < text.length) end(text.length);
  return records;
}

function marksOf(delimiter: string): RegExp {
  return new RegExp(`["\\n${delimiter.replace(/[\\\]^-]/, '\\$&')}]`, 'g');
}
