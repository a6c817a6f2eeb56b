import { OnboardError } from '../errors.ts';
import { columnOf, plainName, simplify } from './columns.ts';
import { type Column, columns } from './entry.ts';
import { fileError } from './file-error.ts';

/**
 * The columns of headers and JSON keys: those of `--map`, otherwise the usual spellings. A mapped
 * column has no other name, so that `Email (old)` beside it is ignored.
 */
export class ColumnNames {
  readonly #mapped = new Map<string, { header: string; column: Column }>();
  readonly #seen = new Set<string>();

  /**
   * `maps` are texts such as `E-Mail Address=email`.
   * @throws {OnboardError} E_USAGE
   */
  constructor(maps: readonly string[] = []) {
    for (const map of maps) this.#add(map);
  }

  #add(map: string): void {
    const at = map.lastIndexOf('=');
    const header = map.slice(0, Math.max(at, 0)).trim();
    const column = columnOf(map.slice(at + 1));
    if (simplify(header) === '' || column === undefined) {
      const known = columns.map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
      const text = `--map ${map}: give a header and a column, as "E-Mail Address=email"; columns are ${known.join(', ')}`;
      throw new OnboardError('E_USAGE', text);
    }
    const taken = [...this.#mapped.values()].find((other) => other.column === column);
    if (taken !== undefined || this.#mapped.has(simplify(header))) {
      throw new OnboardError('E_USAGE', `--map ${map}: the header or the column is mapped already`);
    }
    this.#mapped.set(simplify(header), { header, column });
  }

  /** The column of a header or a JSON key; undefined if unknown. */
  columnOf(header: string): Column | undefined {
    const key = simplify(header);
    const mapped = this.#mapped.get(key);
    if (mapped !== undefined) {
      this.#seen.add(key);
      return mapped.column;
    }
    const column = columnOf(header);
    return [...this.#mapped.values()].some((other) => other.column === column) ? undefined : column;
  }

  /**
   * Checks the mapped headers after every file was read.
   * @throws {OnboardError} E_FILE_COLUMNS for a mapped header that no file has.
   */
  refuseUnseen(files: readonly string[]): void {
    for (const [key, { header }] of this.#mapped) {
      if (this.#seen.has(key)) continue;
      const sentence = `--map: no column ${JSON.stringify(plainName(header))} found; check the header, or remove the mapping.`;
      throw fileError('E_FILE_COLUMNS', { file: files.join(', ') }, sentence);
    }
  }

  /** The mappings in one order and spelling; empty without any. */
  toString(): string {
    return [...this.#mapped]
      .map(([key, { column }]) => `${key}=${column}`)
      .sort()
      .join('\n');
  }
}
