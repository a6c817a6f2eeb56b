import { CsvError } from 'csv-parse/sync';
import type { ColumnNames } from '../columns/column-names.ts';
import { Table, type TableRow } from '../columns/table.ts';
import type { RawRecord, RecordReader } from '../entry.ts';
import { fileError, refuseGiant } from '../file-error.ts';
import { countNewlines } from '../text/lines.ts';
import { findCsvHeader, headOf, refuseQuotedLines } from './csv-header.ts';
import { csvRows } from './csv-rows.ts';

/**
 * CSV in slices. A slice ends after its last newline outside quotes, so that csv-parse gets whole
 * records, and a pass needs the memory of one slice.
 */
export class CsvReader extends Table implements RecordReader {
  #delimiter: string | undefined;
  /** Text before the header is known, then the record that is not whole yet. */
  #rest = '';
  /** Line on which `#rest` starts. */
  #line = 1;

  /** `delimiter` is one character; without it, the header decides. */
  constructor(file: string, delimiter?: string, names?: ColumnNames) {
    super(file, names);
    this.#delimiter = delimiter;
  }

  push(text: string): RawRecord[] {
    const held = this.#withoutEmptyLines(this.#rest + text);
    const end = endOfWholeRecords(held);
    const whole = held.slice(0, end);
    if (!this.hasHeader && !headOf(whole).isWhole) {
      this.#rest = held;
      const line = this.#line + countNewlines(whole);
      refuseGiant(held.length - end, { file: this.file, line });
      return [];
    }
    this.#rest = held.slice(end);
    const records = this.#read(whole);
    refuseGiant(this.#rest.length, { file: this.file, line: this.#line });
    return records;
  }

  /** Leaves out empty lines before everything else: a file of them would be searched again and again. */
  #withoutEmptyLines(held: string): string {
    if (this.hasHeader) return held;
    const first = held.search(/\S/);
    const start = held.lastIndexOf('\n', first === -1 ? held.length : first) + 1;
    this.#line += countNewlines(held.slice(0, start));
    return held.slice(start);
  }

  end(): RawRecord[] {
    const last = this.#rest;
    this.#rest = '';
    return this.#read(last);
  }

  #read(whole: string): RawRecord[] {
    const below = this.hasHeader ? whole : this.#afterHeader(whole);
    // A record that is not whole is read alone, so that an open quote is reported with its line.
    const end = endOfWholeRecords(below);
    return this.records([...this.#rows(below.slice(0, end)), ...this.#rows(below.slice(end))]);
  }

  /** Finds header and delimiter, and returns the text below. */
  #afterHeader(text: string): string {
    const found = findCsvHeader(headOf(text), { delimiter: this.#delimiter, names: this.names });
    if (found === undefined) return '';
    this.#delimiter = found.delimiter;
    this.#line += found.record.line - 1;
    const [header] = this.#rows(found.record.text);
    if (header === undefined) return '';
    const at = { file: this.file, line: header.line };
    if (header.width === 1) refuseQuotedLines(header.cells[0], at, this.names);
    this.begin(header, found.skippedRows);
    return text.slice(found.record.end);
  }

  #rows(whole: string): TableRow[] {
    const before = this.#line - 1;
    try {
      const rows = csvRows(whole, this.#delimiter ?? ',');
      this.#line += countNewlines(whole);
      return rows.map(({ line, cells }) => ({ line: before + line, cells, width: cells.length }));
    } catch (error) {
      throw error instanceof CsvError ? this.#quoteError(error) : error;
    }
  }

  #quoteError(error: CsvError): Error {
    const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
    const lines = isOpen ? 1 : Number(error.lines ?? 1);
    const sentence = isOpen
      ? 'a quote in the record that starts here is never closed; close it, or double a quote that belongs to the text.'
      : 'a cell has a quote in the middle; quote the whole cell and double the quotes inside it.';
    const at = { file: this.file, line: this.#line + lines - 1 };
    return fileError('E_FILE_MALFORMED', at, sentence);
  }
}

/**
 * The index after the last newline outside quotes, or 0. In well-formed CSV an even number of
 * quotes precedes such a newline; in malformed CSV csv-parse finds the fault.
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
