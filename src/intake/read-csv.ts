import { CsvError, parse } from 'csv-parse/sync';
import type { ColumnNames } from './column-names.ts';
import { countNewlines } from './decode.ts';
import { findDelimiter } from './delimiter.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { fileError, refuseGiant } from './file-error.ts';
import { isBlankRow, Table, type TableRow } from './table.ts';

/** A line without cells; a match inside a quoted cell costs time only. */
const BLANK_LINE = /(?:^|\n)[ \t\f]*\n/;

/**
 * CSV in slices. A slice is cut after the last newline outside quotes; what comes before is whole
 * records. Without a quote they are split as they are, which is more than twice as fast as
 * csv-parse; with one, csv-parse reads them and judges the quoting.
 */
export class CsvReader implements RecordReader {
  readonly #file: string;
  readonly #table: Table;
  #delimiter: string | undefined;
  #rest = '';
  /** Line on which `#rest` starts. */
  #line = 1;

  /** `delimiter` is one character; absent, the header tells. */
  constructor(file: string, delimiter?: string, names?: ColumnNames) {
    this.#file = file;
    this.#table = new Table(file, names);
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
    return this.#table.ignored;
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
    return this.#table.records(records);
  }

  #recordsIn(whole: string, delimiter: string): TableRow[] {
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
  #told(whole: string, delimiter: string): TableRow[] {
    const records: TableRow[] = [];
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
  #numbered(rows: string[][]): TableRow[] {
    const records: TableRow[] = [];
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
}

function quotedOptions(delimiter: string) {
  return { delimiter, record_delimiter: '\n', relax_column_count: true, trim: true };
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
