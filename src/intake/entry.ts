import type { Person } from '../people/person.ts';

/** First line of a record: the file as the user named it (`<stdin>` for `-`), lines from 1. */
export interface SourceLine {
  file: string;
  line: number;
}

/** Columns that intake reads; other columns of a file are ignored. */
export const columns = [
  'email',
  'firstName',
  'lastName',
  'type',
  'culture',
  'department',
  'comment',
] as const;
export type Column = (typeof columns)[number];

/** Columns that a file has once; several columns may name groups. */
export type SingleColumn = Exclude<Column, 'department'>;

/** The cells of one record as given, trimmed; an empty optional cell is absent. */
export type RawPerson = Record<'email' | 'firstName' | 'lastName', string> &
  Partial<Record<SingleColumn, string>> & { department?: string[] };

/** Faults of a row in a well-formed file. */
export const faultCodes = [
  'cell-count',
  'not-text',
  'name-split',
  'no-value',
  'required',
  'too-long',
  'control-character',
  'email-shape',
  'email-local',
  'email-domain',
  'name-characters',
  'name-beyond-bmp',
  'type-unknown',
  'type-guest',
  'type-over-ceiling',
  'culture-shape',
  'group-reserved',
] as const;
export type FaultCode = (typeof faultCodes)[number];

/** One fault of one row; `field` is a column, or `row` for the whole row. */
export interface Fault {
  field: Column | 'row';
  code: FaultCode;
  /** The offending value, shortened, control characters written as escapes. */
  value: string;
  /** One sentence: the fault and the rule. */
  reason: string;
}

/** One record of the input: a person to onboard, or a rejected row with all of its faults. */
export type Entry =
  | {
      kind: 'person';
      at: SourceLine;
      person: Person;
      /** Sentences about cells that were changed or left out. */
      warnings?: string[] | undefined;
    }
  | { kind: 'rejected'; at: SourceLine; raw: RawPerson; faults: Fault[] };

/** One record of a reader: its cells by column, and the faults of its form. */
export interface RawRecord {
  line: number;
  raw: RawPerson;
  faults: Fault[];
}

/** Turns the text of one file into records; takes slices of any size, in order. */
export interface RecordReader {
  /** The records that this slice completes. Throws OnboardError for a malformed file. */
  push(text: string): RawRecord[];
  /** The records open at the end of the file. Throws like `push`. */
  end(): RawRecord[];
  /** Everything else found in the file so far. */
  facts(): FileFacts;
}

/** Facts about a file beside its records. */
export interface FileFacts {
  /** Unknown columns, as the file spells them. */
  ignored: readonly string[];
  /** Headers or keys of the known columns. */
  headers: ReadonlyMap<string, string>;
  /** Line of the header, and rows with cells before it; 0 where there is none. */
  headerLine: number;
  skippedRows: number;
}
