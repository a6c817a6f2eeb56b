import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { OnboardError } from '../errors.ts';
import { line } from '../printable.ts';
import { isCulture } from './cell-rules.ts';
import { ColumnNames } from './columns.ts';
import type { Entry } from './entry.ts';
import { type Format, formatOf } from './format.ts';
import {
  type InputFile,
  rereadFile,
  type Survey,
  surveyFile,
  unreadableError,
} from './input-file.ts';
import { LineRanges } from './line-ranges.ts';
import { delimiterFrom } from './read-csv.ts';
import { pathOf, Spool } from './spool.ts';
import { entryMaker, type PersonRules } from './validate.ts';

export interface IntakeOptions extends PersonRules {
  /** Paths as given; `-` is standard input. */
  files: readonly string[];
  stdin: Readable;
  /** Name of standard input in messages and rows; `<stdin>` by default. */
  stdinName?: string | undefined;
  /** Format of every file; without it, each file's name decides. */
  format?: Format | undefined;
  /** One character, or `tab`; without it, each file's header decides. */
  delimiter?: string | undefined;
  /** Columns of unusual headers, as `E-Mail Address=email`. */
  maps?: readonly string[] | undefined;
  /** Lines to read, as `2-50,60,75-` or `staff.csv:2-50`; all by default. */
  only?: readonly string[] | undefined;
  /** Name or number of the sheet of a workbook; the first by default. */
  sheet?: string | undefined;
  /** Folder for the private copy of standard input; the system's temporary one by default. */
  spoolDir?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A well-formed submission that can be read any number of times. */
export type Source = Awaited<ReturnType<typeof openSource>>;

type SurveyedFile = { input: InputFile; survey: Survey };

/**
 * Reads every file once, to find all faults of form, and returns a source for its entries. Throws
 * an OnboardError: E_USAGE for the options, those of surveyFile for a file. Throws the reason of
 * the signal when it aborts.
 */
export async function openSource(options: IntakeOptions) {
  refuseUsage(options);
  const { stdinName = '<stdin>', delimiter, signal } = options;
  const files = options.files.map((path) => (path === '-' ? stdinName : path));
  const names = new ColumnNames(options.maps);
  const reading = {
    names,
    delimiter: delimiter === undefined ? undefined : delimiterFrom(delimiter),
  };
  const only = new LineRanges(options.only ?? [], files);
  const spool = new Spool(options.spoolDir ?? tmpdir());
  const surveyed: SurveyedFile[] = [];
  try {
    for (const [index, given] of options.files.entries()) {
      const file = files[index] ?? given;
      const format = options.format ?? formatOf(file);
      const place = await rereadable({ given, file, format }, options, spool);
      const input = { file, place, format, reading, only, signal };
      surveyed.push({ input, survey: await surveyFile(input) });
    }
    names.refuseUnseen(files);
    const rows = surveyed.reduce((sum, { survey }) => sum + survey.rows, 0);
    if (rows === 0) {
      const sentence = `--only ${only}: no rows on these lines; name other lines`;
      throw new OnboardError('E_USAGE', sentence);
    }
    return {
      /** SHA-256 over the contents of the files in their order, mappings and lines, hexadecimal. */
      digest: digestOf(surveyed, names, only),
      /** Number of records of all files, people and rejected rows together. */
      rows,
      /** Number of records that `only` skips. */
      skipped: surveyed.reduce((sum, { survey }) => sum + survey.skipped, 0),
      /** Unknown columns, as the files spell them. */
      ignoredColumns: [...new Set(surveyed.flatMap(({ survey }) => survey.ignoredColumns))],
      /**
       * Every record, in order; each call reads the files again. Throws E_FILE_CHANGED when a file
       * has changed since the first pass: at its start if size or time differ, otherwise at its end.
       */
      entries: () => entriesOf(surveyed, options),
      /** Removes the private copy of standard input. */
      close: () => spool.remove(),
    };
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

/** Throws E_USAGE for options that are wrong for any file. */
function refuseUsage({ files, defaultCulture }: IntakeOptions): void {
  let sentence: string | undefined;
  if (files.length === 0) {
    sentence = 'No file is named; name at least one, or - for standard input.';
  } else if (files.filter((file) => file === '-').length > 1) {
    sentence = 'Standard input (-) can be read only once; name it once.';
  } else if (defaultCulture !== undefined && !isCulture(defaultCulture)) {
    sentence = 'The culture must be a name such as en-US, de or pt-BR.';
  }
  if (sentence !== undefined) throw new OnboardError('E_USAGE', sentence);
}

/**
 * A file that can be read any number of times. The spool gets a copy of an input that
 * can be read only once (stdin, pipes such as `<(command)`, devices), and the rows of a sheet.
 */
async function rereadable(
  { given, file, format }: { given: string; file: string; format: Format },
  { stdin, sheet, signal }: IntakeOptions,
  spool: Spool,
): Promise<string | FileHandle> {
  if (sheet !== undefined && format !== 'xlsx') {
    const sentence = line`--sheet ${sheet}: ${file} is not a workbook (.xlsx); remove --sheet`;
    throw new OnboardError('E_USAGE', sentence);
  }
  try {
    let place: string | FileHandle = given;
    if (given === '-') place = await spool.keep(stdin, signal);
    else if (!(await isPlain(given))) place = await spool.keep(createReadStream(given), signal);
    if (format !== 'xlsx') return place;
    // Most lists are no workbooks and need not wait for its packages.
    const { convertSheet } = await import('./workbook/convert-sheet.ts');
    const rows = await spool.newFile();
    const source = typeof place === 'string' ? place : pathOf(place);
    await convertSheet({ file, source, target: rows, sheet, signal });
    return rows;
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof OnboardError ? error : unreadableError(file, error);
  }
}

/** Whether a path can be read again; reading a directory fails with its own reason. */
async function isPlain(path: string): Promise<boolean> {
  const found = await stat(path);
  return found.isFile() || found.isDirectory();
}

function digestOf(surveyed: readonly SurveyedFile[], names: ColumnNames, only: LineRanges): string {
  const hash = createHash('sha256');
  // A digest of digests, so that the borders between files count.
  for (const { survey } of surveyed) hash.update(`${survey.digest}\n`);
  // Without these options the digest covers the contents alone.
  if (`${names}` !== '') hash.update(`map\n${names}\n`);
  if (only.isGiven) hash.update(`only\n${only}\n`);
  return hash.digest('hex');
}

async function* entriesOf(
  surveyed: readonly SurveyedFile[],
  rules: PersonRules,
): AsyncGenerator<Entry> {
  for (const { input, survey } of surveyed) {
    const toEntry = entryMaker(rules, input.file);
    for await (const records of rereadFile(input, survey)) {
      for (const record of records) yield toEntry(record);
    }
  }
}
