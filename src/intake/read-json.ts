import {
  ColumnNames,
  emptyRaw,
  noteHeader,
  plainName,
  putCell,
  REMEMBERED_IGNORED,
  refuseMissing,
} from './columns.ts';
import type { Column, Fault, RawRecord, RecordReader } from './entry.ts';
import { fileError, refuseGiant } from './file-error.ts';
import type { JsonText, Splitter } from './json-elements.ts';

/** Limits of the stored keys; a file may have any number, of any length. */
const REMEMBERED_KEYS = 1000;
const REMEMBERED_KEY_LENGTH = 100;

/** The objects of one JSON or NDJSON file; keys are read like headers. */
export class JsonReader implements RecordReader {
  readonly #file: string;
  readonly #splitter: Splitter;
  readonly #names: ColumnNames;
  readonly #meaning = new Map<string, Column | undefined>();
  readonly #seen = new Set<Column>();
  readonly #ignored = new Set<string>();
  #rows = 0;

  constructor(file: string, splitter: Splitter, names = new ColumnNames()) {
    this.#file = file;
    this.#splitter = splitter;
    this.#names = names;
  }

  push(text: string): RawRecord[] {
    return this.#splitter.push(text).map((object) => this.#record(object));
  }

  end(): RawRecord[] {
    const records = this.#splitter.end().map((object) => this.#record(object));
    if (this.#rows > 0) {
      const known = [...this.#meaning.keys()].filter((key) => this.#meaning.get(key));
      refuseMissing(this.#seen, [...known, ...this.#ignored], { file: this.#file });
    }
    return records;
  }

  ignoredColumns(): string[] {
    return [...this.#ignored];
  }

  /** Throws E_FILE_COLUMNS when two keys mean the same column. */
  #record({ text, line }: JsonText): RawRecord {
    const at = { file: this.#file, line };
    const record: RawRecord = { line, raw: emptyRaw(), faults: [] };
    const keyOf = new Map<Column, string>();
    for (const [key, value] of Object.entries(objectIn(text, at))) {
      const column = this.#columnOf(key);
      if (column === undefined) continue;
      noteHeader(keyOf, { column, header: key }, at);
      const cell = textOf(value, column);
      if (cell === undefined) record.faults.push(notText(column, value));
      else putCell(record.raw, column, cell);
    }
    this.#rows += 1;
    return record;
  }

  #columnOf(key: string): Column | undefined {
    if (this.#meaning.has(key)) return this.#meaning.get(key);
    const column = this.#names.columnOf(key);
    const isKept = this.#meaning.size < REMEMBERED_KEYS && key.length <= REMEMBERED_KEY_LENGTH;
    if (isKept) this.#meaning.set(key, column);
    if (column !== undefined) this.#seen.add(column);
    else if (this.#ignored.size < REMEMBERED_IGNORED) this.#ignored.add(plainName(key));
    return column;
  }
}

/** The lines of NDJSON; empty ones are skipped. */
export class JsonLines implements Splitter {
  readonly #file: string;
  #rest = '';
  #line = 1;

  constructor(file: string) {
    this.#file = file;
  }

  push(text: string): JsonText[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const first = this.#line;
    this.#line += lines.length;
    refuseGiant(this.#rest.length, { file: this.#file, line: this.#line });
    return lines
      .map((line, index) => ({ line: first + index, text: line }))
      .filter((line) => line.text.trim() !== '');
  }

  end(): JsonText[] {
    return this.#rest.trim() === '' ? [] : [{ line: this.#line, text: this.#rest }];
  }
}

function objectIn(text: string, at: { file: string; line: number }): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The engine's message repeats a piece of the file, so it is neither shown nor stored.
    const sentence = 'the record that starts here is not valid JSON; correct it.';
    throw fileError('E_FILE_MALFORMED', at, sentence);
  }
  const sentence = 'the record that starts here is not a JSON object; write one.';
  throw fileError('E_FILE_MALFORMED', at, sentence);
}

/** Numbers and booleans as written, null as an empty cell; undefined for the rest. */
function textOf(value: unknown, column: Column): string | undefined {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTexts && column === 'department' ? value.join(';') : undefined;
}

function notText(field: Column, value: unknown): Fault {
  const reason =
    field === 'department'
      ? 'The departments must be text or an array of texts.'
      : `The value of ${field} must be text.`;
  const kind = Array.isArray(value) ? '(an array)' : '(an object)';
  return { field, code: 'not-text', value: kind, reason };
}
