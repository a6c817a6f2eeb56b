import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { OnboardError } from '../errors.ts';
import { isCulture } from './check-options.ts';
import { ColumnNames } from './column-names.ts';
import { delimiterFrom } from './delimiter.ts';
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
import { convertSheet } from './sheet.ts';
import { Spool } from './spool.ts';
import { entryMaker, type PersonRules } from './validate.ts';

/** The input and the rules for its rows. */
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
export interface Source {
  /** SHA-256 over the contents of the files in their order, mappings and lines, hexadecimal. */
  readonly digest: string;
  /** Number of records of all files, people and rejected rows together. */
  readonly rows: number;
  /** Number of records that `only` skips. */
  readonly passedOver: number;
  /** Unknown columns, as the files spell them. */
  readonly ignoredColumns: string[];
  /**
   * Every record, in order; each call reads the files again. Throws E_FILE_CHANGED when a file has
   * changed since the first pass: at its start if size or time differ, otherwise at its end.
   */
  entries(): AsyncGenerator<Entry>;
  /** Removes the private copy of standard input. */
  close(): Promise<void>;
}

const STDIN_NAME = '<stdin>';

/**
 * Reads every file once, to find all faults of form, and returns a source for its entries. Throws
 * an OnboardError: E_USAGE for the options, those of surveyFile for a file. Throws the reason of
 * the signal when it aborts.
 */
export async function openSource(options: IntakeOptions): Promise<Source> {
  const preparation = checked(options);
  const { spool, names } = preparation;
  try {
    const surveyed: SurveyedFile[] = [];
    for (const name of options.files) {
      const input = await inputFor(name, preparation);
      surveyed.push({ input, survey: await surveyFile(input, options.signal) });
    }
    names.refuseUnseen(surveyed.map(({ input }) => input.file));
    return sourceOf(surveyed, preparation);
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

interface SurveyedFile {
  input: InputFile;
  survey: Survey;
}

/** Throws E_USAGE for options that are wrong for any file. */
function checked(options: IntakeOptions): Preparation {
  const usageError = (sentence: string) => new OnboardError('E_USAGE', sentence);
  if (options.files.length === 0)
    throw usageError('No file is named; name at least one, or - for standard input.');
  if (options.files.filter((file) => file === '-').length > 1) {
    throw usageError('Standard input (-) can be read only once; name it once.');
  }
  if (options.defaultCulture !== undefined && !isCulture(options.defaultCulture)) {
    throw usageError('The culture must be a name such as en-US, de or pt-BR.');
  }
  const files = options.files.map((name) => shownName(name, options));
  return {
    options,
    delimiter: options.delimiter === undefined ? undefined : delimiterFrom(options.delimiter),
    names: new ColumnNames(options.maps),
    only: new LineRanges(options.only ?? [], files),
    spool: new Spool(options.spoolDir ?? tmpdir()),
  };
}

/** Name of an input in messages and rows. */
function shownName(name: string, { stdinName = STDIN_NAME }: IntakeOptions): string {
  return name === '-' ? stdinName : name;
}

interface Preparation {
  options: IntakeOptions;
  delimiter: string | undefined;
  names: ColumnNames;
  only: LineRanges;
  spool: Spool;
}

async function inputFor(name: string, preparation: Preparation): Promise<InputFile> {
  const { options, delimiter, names, only } = preparation;
  const file = shownName(name, options);
  const format = options.format ?? formatOf(file);
  if (options.sheet !== undefined && format !== 'xlsx') {
    throw new OnboardError(
      'E_USAGE',
      `--sheet ${options.sheet}: ${file} is not a workbook (.xlsx); remove --sheet`,
    );
  }
  const given = await rereadablePath(name, file, preparation);
  const path = format === 'xlsx' ? await linesOf({ file, source: given }, preparation) : given;
  return { file, path, format, reading: { names, delimiter }, only };
}

/** Writes the rows of the sheet to a private file, which can be read any number of times. */
async function linesOf(
  workbook: { file: string; source: string },
  { options: { sheet, signal }, spool }: Preparation,
): Promise<string> {
  const target = await spool.newPath();
  try {
    await convertSheet({ ...workbook, target, sheet, signal });
  } catch (error) {
    throw error instanceof OnboardError ? error : unreadableError(workbook.file, error);
  }
  return target;
}

/** Copies an input that can be read only once: stdin, pipes such as `<(command)`, devices. */
async function rereadablePath(
  name: string,
  file: string,
  { options, spool }: Preparation,
): Promise<string> {
  try {
    if (name === '-') return await spool.keep(options.stdin, options.signal);
    const found = await stat(name);
    if (found.isFile() || found.isDirectory()) return name;
    return await spool.keep(createReadStream(name), options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw unreadableError(file, error);
  }
}

function sourceOf(
  surveyed: readonly SurveyedFile[],
  { options: rules, names, only, spool }: Preparation,
): Source {
  const rows = surveyed.reduce((sum, { survey }) => sum + survey.rows, 0);
  if (rows === 0)
    throw new OnboardError('E_USAGE', `--only ${only}: no rows on these lines; name other lines`);
  const hash = createHash('sha256');
  // A digest of digests, so that the borders between files count.
  for (const { survey } of surveyed) hash.update(`${survey.digest}\n`);
  // Without these options the digest covers the contents alone.
  if (`${names}` !== '') hash.update(`map\n${names}\n`);
  if (only.isGiven) hash.update(`only\n${only}\n`);
  return {
    digest: hash.digest('hex'),
    rows,
    passedOver: surveyed.reduce((sum, { survey }) => sum + survey.passedOver, 0),
    ignoredColumns: [...new Set(surveyed.flatMap(({ survey }) => survey.ignoredColumns))],
    entries: () => entriesOf(surveyed, rules),
    close: () => spool.remove(),
  };
}

async function* entriesOf(
  surveyed: readonly SurveyedFile[],
  rules: IntakeOptions,
): AsyncGenerator<Entry> {
  for (const { input, survey } of surveyed) {
    const toEntry = entryMaker(rules, input.file);
    for await (const records of rereadFile(input, survey, rules.signal)) {
      for (const record of records) yield toEntry(record);
    }
  }
}
