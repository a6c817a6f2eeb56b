import { CsvError, parse } from 'csv-parse/sync';
import { countNewlines } from '../text/lines.ts';

/** One record: the line that it starts on, from 1 in its text, and its cells. */
export interface CsvRow {
  line: number;
  cells: string[];
}

const options = { record_delimiter: '\n', relax_column_count: true, trim: true } as const;

/** The rows of a text of whole records; empty records are left out. @throws {CsvError} */
export function csvRows(text: string, delimiter: string): CsvRow[] {
  return rowsByWidth(text, delimiter) ?? rowsInOrder(text, delimiter);
}

/**
 * Parses the records of each width together: csv-parse builds an error (30 µs) for each that is
 * uneven, and takes twice as long when it is asked for the line of each. Undefined when a record is
 * not well-formed: the text must then be parsed in order, for the line of the fault.
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
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

function rowsInOrder(text: string, delimiter: string): CsvRow[] {
  const rows: CsvRow[] = [];
  parse(text, {
    ...options,
    delimiter,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    on_record: (cells: string[], { lines }) => {
      // `lines` is the line on which the record ends; only its cells can hold newlines.
      const within = cells.reduce((sum, cell) => sum + countNewlines(cell), 0);
      rows.push({ line: lines - within, cells });
      return null;
    },
  });
  return rows;
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
