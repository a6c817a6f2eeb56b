import type { Person } from '../person.ts';

/** Where a record starts: the file as the user named it (`<stdin>` for `-`), lines from 1. */
export interface SourceLine {
  file: string;
  line: number;
}

/** Everything that intake reads of a person; other columns of a file are ignored. */
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

type RequiredColumn = 'email' | 'firstName' | 'lastName';

/** The cells of one record as given, trimmed; an empty optional cell is absent. */
export type RawPerson = Record<RequiredColumn, string> &
  Partial<Record<Exclude<Column, RequiredColumn>, string>>;

/** Every way in which one row can be wrong without its file being wrong. */
export const faultCodes = [
  'cell-count',
  'not-text',
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
  'culture-shape',
  'department-guid',
] as const;
export type FaultCode = (typeof faultCodes)[number];

/** One thing that is wrong with one row; `field` is a column, or `row` for the row as a whole. */
export interface Fault {
  field: Column | 'row';
  code: FaultCode;
  /** The offending value, shortened, control characters written as escapes. */
  value: string;
  /** One sentence: what is wrong and what is allowed. */
  reason: string;
}

/** One record of the input: a person to onboard, or a row turned away with all of its faults. */
export type Entry =
  | { kind: 'person'; at: SourceLine; person: Person }
  | { kind: 'rejected'; at: SourceLine; raw: RawPerson; faults: Fault[] };

/** One record as a reader hands it on: its cells by column, and what is wrong with its form. */
export interface RawRecord {
  line: number;
  raw: RawPerson;
  faults: Fault[];
}

/** Turns the text of one file into records; fed with slices of any size, in order. */
export interface RecordReader {
  /** The records that this slice completes. Throws OnboardError when the file is malformed. */
  push(text: string): RawRecord[];
  /** The records still open at the end of the file. Throws like `push`. */
  end(): RawRecord[];
  /** Columns of the file that mean nothing to intake, as the file spells them. */
  ignoredColumns(): string[];
}
