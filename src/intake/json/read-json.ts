import { noteHeader, plainName, refuseMissing } from '../columns/column-errors.ts';
import { ColumnNames } from '../columns/column-names.ts';
import { emptyRecord, putCell } from '../columns/raw-person.ts';
import type { Meaning } from '../columns/spellings.ts';
import { REMEMBERED_IGNORED } from '../columns/table.ts';
import type { Column, Fault, FileFacts, RawRecord, RecordReader } from '../entry.ts';
import { fileError, refuseGiant } from '../file-error.ts';
import type { JsonText, Splitter } from './json-elements.ts';
import { KeyMeanings, type KnownValue } from './key-meanings.ts';

/** The objects of one JSON or NDJSON file; keys are read like headers. */
export class JsonReader implements RecordReader {
  readonly #file: string;
  readonly #splitter: Splitter;
  readonly #names: ColumnNames;
  readonly #keys: KeyMeanings;
  readonly #headers = new Map<Meaning, string>();
  #rows = 0;

  constructor(file: string, splitter: Splitter, names = new ColumnNames()) {
    this.#file = file;
    this.#splitter = splitter;
    this.#names = names;
    this.#keys = new KeyMeanings(names);
  }

  push(text: string): RawRecord[] {
    return this.#splitter.push(text).map((object) => this.#record(object));
  }

  end(): RawRecord[] {
    const records = this.#splitter.end().map((object) => this.#record(object));
    if (this.#rows > 0) {
      const found = [...this.#headers.values(), ...this.#keys.unknown];
      refuseMissing(this.#headers, { required: this.#names.required, found }, { file: this.#file });
    }
    return records;
  }

  facts(): FileFacts {
    const ignored = [...this.#keys.unknown].slice(0, REMEMBERED_IGNORED);
    return {
      ignored: ignored.map(plainName),
      headers: this.#headers,
      headerLine: 0,
      skippedRows: 0,
    };
  }

  /** Throws E_FILE_COLUMNS when two keys mean the same column. */
  #record({ text, line }: JsonText): RawRecord {
    const at = { file: this.#file, line };
    const record = emptyRecord(line);
    const keyOf = new Map<Meaning, string>();
    for (const known of this.#keys.valuesOf(objectIn(text, at))) {
      noteHeader(keyOf, { meaning: known.meaning, header: known.key }, at);
      if (!this.#headers.has(known.meaning)) this.#headers.set(known.meaning, known.key);
      this.#put(record, known);
    }
    this.#rows += 1;
    return record;
  }

  #put(record: RawRecord, { meaning, value }: KnownValue): void {
    const column = meaning === 'name' ? 'firstName' : meaning;
    const cells = textsOf(value, column);
    if (cells === undefined) record.faults.push(notText(column, value));
    for (const cell of cells ?? []) putCell(record, { meaning, cell }, this.#names.order);
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

/** Numbers and booleans as written, null as no cell, groups from an array; undefined for the rest. */
function textsOf(value: unknown, column: Column): string[] | undefined {
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTexts && column === 'department' ? value : undefined;
}

function notText(field: Column, value: unknown): Fault {
  const reason =
    field === 'department'
      ? 'The departments must be text or an array of texts.'
      : `The value of ${field} must be text.`;
  const kind = Array.isArray(value) ? '(an array)' : '(an object)';
  return { field, code: 'not-text', value: kind, reason };
}
