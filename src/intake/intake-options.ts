import type { Readable } from 'node:stream';
import type { PersonRules } from './cells/validate.ts';
import type { ColumnChoices } from './columns/column-names.ts';
import type { Format } from './format.ts';

/** A list of people, and how it is read. */
export interface IntakeOptions extends PersonRules, ColumnChoices {
  /** Paths as given; `-` is standard input. */
  files: readonly string[];
  /** Folder that holds the files, whose names are shown without it; the current one by default. */
  folder?: string | undefined;
  stdin: Readable;
  /** Name of standard input in messages and rows; `<stdin>` by default. */
  stdinName?: string | undefined;
  /** Format of every file; without it, each file's name decides. */
  format?: Format | undefined;
  /** One character, or `tab`; without it, each file's header decides. */
  delimiter?: string | undefined;
  /** JSON: path of the array inside an object, as `users`. */
  at?: string | undefined;
  /** Encoding of text, as `windows-1252`; without it, the bytes decide. */
  encoding?: string | undefined;
  /** Lines to read, as `2-50,60,75-` or `staff.csv:2-50`; all by default. */
  only?: readonly string[] | undefined;
  /** Name or number of the sheet of a workbook; the first visible one with a header by default. */
  sheet?: string | undefined;
  /** Folder for the private copy of standard input; the system's temporary one by default. */
  spoolDir?: string | undefined;
  /** Receives the first word that is not in UTF-8, for a terminal. */
  onOddWord?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}
