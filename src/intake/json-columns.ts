import { ColumnNames } from './column-names.ts';
import {
  emptyRaw,
  missingColumns,
  missingColumnsError,
  plainName,
  putCell,
  REMEMBERED_IGNORED,
  sameColumnError,
} from './columns.ts';
import type { Column, Fault, RawPerson, RawRecord } from './entry.ts';
import { faultOf } from './fault.ts';
import { fileError } from './file-error.ts';

/** Limits of the stored keys; a file may have any number, of any length. */
const REMEMBERED_KEYS = 1000;
const REMEMBERED_KEY_LENGTH = 100;

/** Turns the objects of one JSON or NDJSON file into records; keys are read like headers. */
export class JsonColumns {
  readonly #file: string;
  readonly #names: ColumnNames;
  readonly #meaning = new Map<string, Column | undefined>();
  readonly #seen = new Set<Column>();
  readonly #ignored = new Set<string>();
  #rows = 0;

  constructor(file: string, names = new ColumnNames()) {
    this.#file = file;
    this.#names = names;
  }

  get ignored(): string[] {
    return [...this.#ignored];
  }

  /**
   * The record of a text. Throws E_FILE_MALFORMED for anything but a JSON object, and
   * E_FILE_COLUMNS when two keys mean the same column.
   */
  record(text: string, line: number): RawRecord {
    const raw = emptyRaw();
    const faults: Fault[] = [];
    const keyOf = new Map<Column, string>();
    for (const [key, value] of Object.entries(this.#objectIn(text, line))) {
      const column = this.#columnOf(key);
      if (column === undefined) continue;
      const before = keyOf.get(column);
      const at = { file: this.#file, line };
      if (before !== undefined) throw sameColumnError(at, column, [before, key]);
      keyOf.set(column, key);
      putValue(value, { column, raw, faults });
    }
    this.#rows += 1;
    return { line, raw, faults };
  }

  /** Throws E_FILE_COLUMNS for a required column that no object of the file has. */
  refuseMissing(): void {
    const missing = this.#rows === 0 ? [] : missingColumns(this.#seen);
    if (missing.length === 0) return;
    throw missingColumnsError({ file: this.#file }, missing, [
      ...[...this.#meaning].flatMap(([key, column]) => (column === undefined ? [] : [key])),
      ...this.#ignored,
    ]);
  }

  #objectIn(text: string, line: number): Record<string, unknown> {
    const at = { file: this.#file, line };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // The engine's message repeats a piece of the file, so it is neither shown nor stored.
      throw fileError(
        'E_FILE_MALFORMED',
        at,
        'the record that starts here is not valid JSON; correct it.',
      );
    }
    if (isObject(value)) return value;
    throw fileError(
      'E_FILE_MALFORMED',
      at,
      'the record that starts here is not a JSON object; write one.',
    );
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

interface Target {
  column: Column;
  raw: RawPerson;
  faults: Fault[];
}

function putValue(value: unknown, { column, raw, faults }: Target): void {
  const text = textOf(value, column);
  if (text !== undefined) {
    putCell(raw, column, text);
    return;
  }
  const kind = Array.isArray(value) ? '(an array)' : '(an object)';
  const reason =
    column === 'department'
      ? 'The departments must be text or an array of texts.'
      : `The value of ${column} must be text.`;
  faults.push(faultOf({ field: column, code: 'not-text', value: kind, reason }));
}

/** Numbers and booleans as written, null as an empty cell; undefined for the rest. */
function textOf(value: unknown, column: Column): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTexts && column === 'department' ? value.join(';') : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
