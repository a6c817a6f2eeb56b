import { CsvError, parse } from 'csv-parse/sync';
import {
  columnOf,
  emptyRaw,
  missingColumns,
  missingColumnsError,
  plainName,
  putCell,
  REMEMBERED_IGNORED,
  sameColumnError,
} from './columns.ts';
import { countNewlines } from './decode.ts';
import { findDelimiter } from './delimiter.ts';
import type { Column, RawRecord, RecordReader } from './entry.ts';
import { faultOf } from './fault.ts';
import { fileError, refuseGiant } from './file-error.ts';

interface CsvRecord {
  line: number;
  cells: string[];
}

/** A line without cells; a match inside a quoted cell costs time only. */
const BLANK_LINE = /(?:^|\n)[ \t\f]*\n/;

/**
 * The columns of a file and where they stand among how many cells. Only they are looked at in each
 * row: a header of 500,000 cells over as many short rows would otherwise take hours.
 */
interface Layout {
  width: number;
  columns: readonly { index: number; column: Column }[];
}

/**
 * CSV in slices. A slice is cut after the last newline outside quotes; what comes before is whole
 * records. Without a quote they are split as they are, which is more than twice as fast as
 * csv-parse; with one, csv-parse reads them and judges the quoting.
 */
export class CsvReader implements RecordReader {
  readonly #file: string;
  readonly #ignored: string[] = [];
  #delimiter: string | undefined;
  #layout: Layout | undefined;
  #rest = '';
  /** Line on which `#rest` starts. */
  #line = 1;

  /** `delimiter` is one character; absent, the header tells. */
  constructor(file: string, delimiter?: string) {
    this.#file = file;
    this.#delimiter = delimiter;
  }

  push(text: string): RawRecord[] {
    const held = this.#rest + text;
    const end = endOfWholeRecords(held);
    this.#rest = held.slice(end);
    const records = this.#read(held.slice(0, end));
    refuseGiant(this.#rest.length, { file: this.#file, line: this.#line });
    return records;
  }

  end(): RawRecord[] {
    const last = this.#rest;
    this.#rest = '';
    return this.#read(last);
  }

  ignoredColumns(): string[] {
    return this.#ignored;
  }

  #read(whole: string): RawRecord[] {
    const header = whole.trimStart();
    if (header === '') {
      this.#line += countNewlines(whole);
      return [];
    }
    this.#delimiter ??= findDelimiter(header.slice(0, endOfFirstRecord(header)));
    const records = this.#recordsIn(whole, this.#delimiter);
    this.#line += countNewlines(whole);
    return this.#withColumns(records);
  }

  #recordsIn(whole: string, delimiter: string): CsvRecord[] {
    if (!whole.includes('"')) {
      return this.#numbered(whole.split('\n').map((line) => line.split(delimiter)));
    }
    try {
      return BLANK_LINE.test(whole)
        ? this.#told(whole, delimiter)
        : this.#numbered(parse(whole, quotedOptions(delimiter)));
    } catch (error) {
      if (error instanceof CsvError) throw this.#quoteError(error);
      throw error;
    }
  }

  /**
   * Records with the lines that csv-parse tells. That makes a pass over 100,000 quoted rows take
   * 500 ms in place of 250, so it is kept for slices with blank lines, of which csv-parse would
   * make a record and an error each (40 microseconds) if it were not told to skip them.
   */
  #told(whole: string, delimiter: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const keep = (cells: string[], { lines }: { lines: number }): null => {
      // The line told is the one on which the record ends; only its cells can hold line ends.
      const within = cells.reduce((sum, cell) => sum + countNewlines(cell), 0);
      if (!isBlankRow(cells)) records.push({ line: this.#line + lines - 1 - within, cells });
      return null;
    };
    parse(whole, { ...quotedOptions(delimiter), skip_empty_lines: true, on_record: keep });
    return records;
  }

  /** Records of rows that follow each other without a gap; blank ones are dropped. */
  #numbered(rows: string[][]): CsvRecord[] {
    const records: CsvRecord[] = [];
    let line = this.#line;
    for (const cells of rows) {
      if (!isBlankRow(cells)) records.push({ line, cells });
      line += 1;
      for (const cell of cells) line += countNewlines(cell);
    }
    return records;
  }

  #quoteError(error: CsvError): Error {
    const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
    const lines = isOpen ? 1 : Number(error.lines ?? 1);
    const sentence = isOpen
      ? 'a quote that opens in the record that starts here is never closed; close it, or double a quote that belongs to the text.'
      : 'a quote stands in the middle of a cell; quote the whole cell and double the quotes inside it.';
    return fileError(
      'E_FILE_MALFORMED',
      { file: this.#file, line: this.#line + lines - 1 },
      sentence,
    );
  }

  #withColumns(records: CsvRecord[]): RawRecord[] {
    const start = this.#layout === undefined ? 1 : 0;
    const header = records[0];
    if (header === undefined) return [];
    this.#layout ??= this.#layoutOf(header);
    const layout = this.#layout;
    return records.slice(start).map((record) => rawRecordOf(record, layout));
  }

  #layoutOf({ line, cells }: CsvRecord): Layout {
    const at = { file: this.#file, line };
    const headerOf = new Map<Column, string>();
    const columns: { index: number; column: Column }[] = [];
    for (const [index, cell] of cells.entries()) {
      const column = columnOf(cell);
      if (column === undefined) {
        this.#ignore(cell);
        continue;
      }
      const before = headerOf.get(column);
      if (before !== undefined) throw sameColumnError(at, column, [before, cell]);
      headerOf.set(column, cell);
      columns.push({ index, column });
    }
    const missing = missingColumns(new Set(headerOf.keys()));
    if (missing.length > 0) throw missingColumnsError(at, missing, cells);
    return { width: cells.length, columns };
  }

  #ignore(header: string): void {
    if (header.trim() === '' || this.#ignored.length >= REMEMBERED_IGNORED) return;
    this.#ignored.push(plainName(header));
  }
}

function quotedOptions(delimiter: string) {
  return { delimiter, record_delimiter: '\n', relax_column_count: true, trim: true };
}

/** True for rows of nothing but delimiters too, with which spreadsheets like to end. */
function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/**
 * A cell without the apostrophe that keeps a spreadsheet from taking it for a formula, as our report
 * and other programs write it: a list to mend comes back as it was. `'t Hooft` keeps its own.
 */
function withoutGuard(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function rawRecordOf({ line, cells }: CsvRecord, layout: Layout): RawRecord {
  const raw = emptyRaw();
  for (const { index, column } of layout.columns) {
    const cell = cells[index];
    if (cell !== undefined) putCell(raw, column, withoutGuard(cell.trim()));
  }
  if (cells.length === layout.width) return { line, raw, faults: [] };
  const reason = `The row has ${cells.length} cells and the header ${layout.width}; a cell that holds the delimiter must be quoted.`;
  return {
    line,
    raw,
    faults: [faultOf({ field: 'row', code: 'cell-count', value: `${cells.length}`, reason })],
  };
}

/**
 * The index after the last newline outside quotes, 0 if there is none. In well-formed CSV an
 * even number of quotes comes before such a newline; in any other csv-parse finds the fault.
 */
function endOfWholeRecords(text: string): number {
  let end = 0;
  let isQuoted = false;
  for (let from = 0; from <= text.length; ) {
    const quote = text.indexOf('"', from);
    const until = quote === -1 ? text.length : quote;
    if (!isQuoted) {
      const newline = text.slice(from, until).lastIndexOf('\n');
      if (newline !== -1) end = from + newline + 1;
    }
    isQuoted = !isQuoted;
    from = until + 1;
  }
  return end;
}

function endOfFirstRecord(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\n' && !isQuoted) return at;
  }
  return text.length;
}
