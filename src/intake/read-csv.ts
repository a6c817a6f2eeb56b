import { CsvError } from 'csv-parse/sync';
import { OnboardError } from '../errors.ts';
import { type ColumnNames, columnOf } from './columns.ts';
import { csvRows } from './csv-rows.ts';
import { countNewlines } from './decode.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { fileError, refuseGiant } from './file-error.ts';
import { Table, type TableRow } from './table.ts';

/**
 * CSV in slices. A slice ends after its last newline outside quotes, so that csv-parse gets whole
 * records, and a pass needs the memory of one slice.
 */
export class CsvReader extends Table implements RecordReader {
  #delimiter: string | undefined;
  #isStart = true;
  #rest = '';
  /** Line on which `#rest` starts. */
  #line = 1;

  /** `delimiter` is one character; without it, the header decides. */
  constructor(file: string, delimiter?: string, names?: ColumnNames) {
    super(file, names);
    this.#delimiter = delimiter;
  }

  push(text: string): RawRecord[] {
    const held = this.#rest + text;
    const end = endOfWholeRecords(held);
    this.#rest = held.slice(end);
    const records = this.#read(held.slice(0, end));
    refuseGiant(this.#rest.length, { file: this.file, line: this.#line });
    return records;
  }

  end(): RawRecord[] {
    const last = this.#rest;
    this.#rest = '';
    return this.#read(last);
  }

  #read(whole: string): RawRecord[] {
    const header = this.#headerIn(whole);
    return this.records([...this.#rows(header), ...this.#rows(whole.slice(header.length))]);
  }

  /** The first record of the file, which decides about the delimiter. It is parsed alone. */
  #headerIn(whole: string): string {
    const text = whole.trimStart();
    if (!this.#isStart || text === '') return '';
    this.#isStart = false;
    const end = endOfFirstRecord(text);
    this.#delimiter ??= findDelimiter(text.slice(0, end));
    return whole.slice(0, whole.length - text.length + end);
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

/** The first newline outside quotes, or the end. */
function endOfFirstRecord(text: string): number {
  for (const { 0: piece, index } of text.matchAll(/"[^"]*"?|\n/g)) {
    if (piece === '\n') return index;
  }
  return text.length;
}

const delimiters = [',', ';', '\t', '|'];

/**
 * The delimiter that yields the most known columns of the header; among equals the most frequent,
 * and a comma when none occurs.
 */
export function findDelimiter(header: string): string {
  // Quoted cells may hold any delimiter, so those inside quotes do not count.
  const between = header.replace(/"[^"]*"/g, (cell) => cell.slice(1, -1).replace(/[,;\t|]/g, ' '));
  const scored = delimiters.map((delimiter) => {
    const cells = between.split(delimiter);
    const known = cells.filter((cell) => columnOf(cell) !== undefined).length;
    return { delimiter, score: known * header.length + cells.length };
  });
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

/**
 * The value of `--delimiter`: one character, or `tab` or `\t`, which are hard to type in a shell.
 * Throws E_USAGE for anything that cannot separate cells.
 */
export function delimiterFrom(option: string): string {
  if (option === 'tab' || option === '\\t') return '\t';
  if (/^[^\s"\p{L}\p{N}\p{C}@]$|^\t$/u.test(option) && option.length === 1) return option;
  const sentence = 'The delimiter must be one character such as , ; | or the word tab.';
  throw new OnboardError('E_USAGE', sentence);
}
