import type { ColumnNames } from '../columns/column-names.ts';
import type { Meaning } from '../columns/spellings.ts';

/** Limits of the remembered keys; a file may have any number, of any length. */
const REMEMBERED_KEYS = 1000;
const REMEMBERED_LENGTH = 2000;
/** Depth to which keys inside objects are read, as `profile.address.email`. */
const MOST_DEPTH = 4;

/** A value of an object whose key means a column. */
export interface KnownValue {
  key: string;
  meaning: Meaning;
  value: unknown;
}

/** Finds the columns in objects. Objects of one file mostly have the same keys. */
export class KeyMeanings {
  readonly #names: ColumnNames;
  readonly #byKeys = new Map<string, readonly (Meaning | undefined)[]>();
  readonly #byPath = new Map<string, Meaning | undefined>();
  /** Keys and paths without a column. */
  readonly unknown = new Set<string>();

  constructor(names: ColumnNames) {
    this.#names = names;
  }

  /** The values that have a column, those inside other objects included. */
  valuesOf(object: object): KnownValue[] {
    const entries = Object.entries(object);
    const meanings = this.#meaningsOf(entries.map(([key]) => key));
    return entries.flatMap(([key, value], index) => {
      const meaning = meanings[index];
      if (meaning !== undefined) return [{ key, meaning, value }];
      return isObject(value) ? this.#inside(value, key, 1) : this.#unknown(key);
    });
  }

  #inside(object: object, path: string, depth: number): KnownValue[] {
    return Object.entries(object).flatMap(([name, value]) => {
      const key = `${path}.${name}`;
      const meaning = this.#meaningOfPath(key);
      if (meaning !== undefined) return [{ key, meaning, value }];
      const isDeeper = isObject(value) && depth < MOST_DEPTH;
      return isDeeper ? this.#inside(value, key, depth + 1) : this.#unknown(key);
    });
  }

  #unknown(key: string): [] {
    if (this.unknown.size < REMEMBERED_KEYS) this.unknown.add(key.slice(0, REMEMBERED_LENGTH));
    return [];
  }

  #meaningsOf(keys: readonly string[]): readonly (Meaning | undefined)[] {
    const all = keys.join('\0');
    const known = this.#byKeys.get(all);
    if (known !== undefined) return known;
    const meanings = this.#names.meaningsOf(keys);
    this.#names.see(keys);
    if (isKept(this.#byKeys, all)) this.#byKeys.set(all, meanings);
    return meanings;
  }

  #meaningOfPath(path: string): Meaning | undefined {
    if (this.#byPath.has(path)) return this.#byPath.get(path);
    const meaning = this.#names.meaningOfPath(path);
    this.#names.see([path]);
    if (isKept(this.#byPath, path)) this.#byPath.set(path, meaning);
    return meaning;
  }
}

function isKept(map: ReadonlyMap<string, unknown>, key: string): boolean {
  return map.size < REMEMBERED_KEYS && key.length <= REMEMBERED_LENGTH;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
