import { OnboardError } from '../../errors.ts';
import { line } from '../../printable.ts';
import { type Column, columns } from '../entry.ts';
import { fileError } from '../file-error.ts';
import { shown } from './column-errors.ts';
import {
  dotted,
  type Meaning,
  meaningBeside,
  meaningOf,
  readingsOf,
  simplify,
} from './spellings.ts';
import { type NameOrder, nameOrder } from './split-name.ts';

/** Choices of a person about the columns of a list. */
export interface ColumnChoices {
  /** Columns of unusual headers, as `E-Mail Address=email`. */
  maps?: readonly string[] | undefined;
  /** Headers of columns that are not read. */
  ignore?: readonly string[] | undefined;
  /** Order of the names in a column of whole names: `first last` or `last, first`. */
  splitName?: string | undefined;
  /** The headers are ours, so that a column without any understood value is a mistake. */
  areMeant?: boolean | undefined;
}

/** Columns without which no person can be made, under the name of the column that a list needs. */
const REQUIRED = ['email', 'firstName', 'lastName'] as const;
const REQUIRED_TO_SPLIT = ['email', 'name'] as const;

/** Columns of every spreadsheet; a line of 500,000 cells would take seconds for each of 10 lines. */
const MOST_COLUMNS = 16_384;

interface Chosen {
  header: string;
  meaning: Meaning | 'ignored';
}

/**
 * The columns of headers and JSON keys: those of `--map`, otherwise the usual spellings. A mapped
 * column has no other name, so that `Email (old)` beside it is ignored.
 */
export class ColumnNames {
  readonly #chosen = new Map<string, Chosen>();
  readonly #seen = new Set<string>();
  /** Order in which whole names are divided; undefined where a list has separate names. */
  readonly order: NameOrder | undefined;

  readonly #areMeant: boolean;

  /** @throws {OnboardError} E_USAGE */
  constructor({ maps = [], ignore = [], splitName, areMeant = false }: ColumnChoices = {}) {
    this.#areMeant = areMeant;
    this.order = splitName === undefined ? undefined : nameOrder(splitName);
    for (const map of maps) this.#map(map);
    for (const header of ignore) {
      const key = simplify(header);
      if (key === '') throw usage('--ignore', header, 'give the header of a column');
      if (this.#chosen.has(key))
        throw usage('--ignore', header, 'the header is mapped or named twice');
      this.#chosen.set(key, { header, meaning: 'ignored' });
    }
  }

  #map(map: string): void {
    const at = map.lastIndexOf('=');
    const header = map.slice(0, Math.max(at, 0)).trim();
    const key = simplify(header);
    const meaning = meaningOf(map.slice(at + 1));
    if (key === '' || meaning === undefined || (meaning === 'name' && this.order === undefined)) {
      const known = columns.map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
      const list = [...known, 'with --split-name also name'].join(', ');
      throw usage(
        '--map',
        map,
        `give a header and a column, as "E-Mail Address=email"; columns are ${list}`,
      );
    }
    const isTaken = meaning !== 'department' && this.#isMapped(meaning);
    if (isTaken || this.#chosen.has(key)) {
      throw usage('--map', map, 'the header or the column is mapped already');
    }
    this.#chosen.set(key, { header, meaning });
  }

  /** The columns that a list must have. */
  get required(): readonly Meaning[] {
    return this.order === undefined ? REQUIRED : REQUIRED_TO_SPLIT;
  }

  /** The columns of headers or JSON keys; undefined for one that is not read. */
  meaningsOf(headers: readonly string[]): (Meaning | undefined)[] {
    const beside = meaningBeside(headers);
    const read = headers.slice(0, MOST_COLUMNS);
    // Cells of a sheet may be absent.
    return Array.from(read, (header = '') => this.#meaningOf(header, beside));
  }

  #meaningOf(header: string, beside: (header: string) => Meaning | undefined): Meaning | undefined {
    const key = this.#keyOf(header);
    const chosen = key === undefined ? undefined : this.#chosen.get(key);
    if (chosen !== undefined) return chosen.meaning === 'ignored' ? undefined : chosen.meaning;
    const meaning = this.#spelled(header, beside);
    return meaning === undefined || this.#isMapped(meaning) ? undefined : meaning;
  }

  #spelled(header: string, beside: (header: string) => Meaning | undefined): Meaning | undefined {
    const meaning = meaningOf(header);
    if (this.order !== undefined) {
      // Whole names replace both of their parts.
      return meaning === 'firstName' || meaning === 'lastName' ? undefined : meaning;
    }
    return beside(header) ?? (meaning === 'name' ? undefined : meaning);
  }

  /** The column of a key inside an object, as `profile.email`: only by --map or its whole name. */
  meaningOfPath(path: string): Meaning | undefined {
    const isWhole = dotted.has(path.toLowerCase()) || this.#keyOf(path) !== undefined;
    return isWhole ? this.meaningsOf([path])[0] : undefined;
  }

  /** Notes the headers of a file, for refuseUnseen. */
  see(headers: readonly string[]): void {
    for (const header of headers) {
      const key = this.#keyOf(header ?? '');
      if (key !== undefined) this.#seen.add(key);
    }
  }

  /** The chosen header that a header is, with or without what forms add, as `[Required]`. */
  #keyOf(header: string): string | undefined {
    if (this.#chosen.size === 0) return undefined;
    return readingsOf(header).find((reading) => this.#chosen.has(reading));
  }

  /** Whether a column is read although no value of it is understood. */
  isMeant(meaning: Meaning): boolean {
    return this.#areMeant || this.#isMapped(meaning);
  }

  /** Whether `--map` names the header of this column. */
  #isMapped(meaning: Meaning): boolean {
    return [...this.#chosen.values()].some((other) => other.meaning === meaning);
  }

  /**
   * Checks the headers of `--map` and `--ignore` after every file was read.
   * @throws {OnboardError} E_FILE_COLUMNS for a header that no file has.
   */
  refuseUnseen(files: readonly string[]): void {
    for (const [key, { header, meaning }] of this.#chosen) {
      if (this.#seen.has(key)) continue;
      const flag = meaning === 'ignored' ? '--ignore' : '--map';
      const sentence = `${flag}: no column ${shown(header)} found; check the header, or remove the flag.`;
      throw fileError('E_FILE_COLUMNS', { file: files.join(', ') }, sentence);
    }
  }

  /** The choices in one order and spelling; empty without any. */
  toString(): string {
    const lines = [...this.#chosen].map(([key, { meaning }]) => `${key}=${meaning}`);
    if (this.order !== undefined) lines.push(`split ${this.order}`);
    return lines.sort().join('\n');
  }
}

function usage(flag: string, given: string, sentence: string): OnboardError {
  return new OnboardError('E_USAGE', line`${flag} ${given}: ${sentence}`);
}

/** Optional columns; a list is complete without them. */
export const optionalColumns = [
  'type',
  'culture',
  'department',
  'comment',
] as const satisfies Column[];
export type OptionalColumn = (typeof optionalColumns)[number];
