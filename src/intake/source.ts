import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { OnboardError } from '../errors.ts';
import { isCulture } from './check-options.ts';
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
import { Spool } from './spool.ts';
import { entryMaker, type PersonRules } from './validate.ts';

/** What to read and what to hold rows against. */
export interface IntakeOptions extends PersonRules {
  /** Paths as given; `-` is standard input. */
  files: readonly string[];
  stdin: Readable;
  /** The name that messages and rows give to standard input; `<stdin>` when absent. */
  stdinName?: string;
  /** The format of every file; absent, each file's name tells. */
  format?: Format;
  /** One character, or `tab`; absent, each file's header tells. */
  delimiter?: string;
  /** Folder for the private copy of standard input; the system's when absent. */
  spoolDir?: string;
  signal?: AbortSignal;
}

/** A submission that is known to be well-formed and can be read again and again. */
export interface Source {
  /** SHA-256 over the contents of the files in their order, hexadecimal. */
  readonly digest: string;
  /** Records of all files: persons and rejected rows together. */
  readonly rows: number;
  /** Columns that mean nothing to intake, as the files spell them. */
  readonly ignoredColumns: string[];
  /**
   * Every record, in order; each call reads the files anew. Throws E_FILE_CHANGED when they are
   * no longer what the first pass saw: at a file's start if its size or time differs, else at its end.
   */
  entries(): AsyncGenerator<Entry>;
  /** Removes the private copy of standard input. */
  close(): Promise<void>;
}

const STDIN_NAME = '<stdin>';

/**
 * Reads every file once, which finds each fault of form, and gives a source for its entries. All
 * errors are one OnboardError: E_USAGE for the options, and what surveyFile throws for a file;
 * when the signal aborts, its reason.
 */
export async function openSource(options: IntakeOptions): Promise<Source> {
  const delimiter = checked(options);
  const spool = new Spool(options.spoolDir ?? tmpdir());
  try {
    const surveyed: SurveyedFile[] = [];
    for (const name of options.files) {
      const input = await inputFor(name, { options, delimiter, spool });
      surveyed.push({ input, survey: await surveyFile(input, options.signal) });
    }
    return sourceOf(surveyed, options, spool);
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

interface SurveyedFile {
  input: InputFile;
  survey: Survey;
}

/** Throws E_USAGE for options that no file could mend; returns the delimiter. */
function checked(options: IntakeOptions): string | undefined {
  const usageError = (sentence: string) => new OnboardError('E_USAGE', sentence);
  if (options.files.length === 0) throw usageError('Name at least one file, or - for stdin.');
  if (options.files.filter((file) => file === '-').length > 1) {
    throw usageError('Standard input (-) can be read only once; name it once.');
  }
  if (options.defaultCulture !== undefined && !isCulture(options.defaultCulture)) {
    throw usageError('The culture must be a name such as en-US, de or pt-BR.');
  }
  return options.delimiter === undefined ? undefined : delimiterFrom(options.delimiter);
}

interface Preparation {
  options: IntakeOptions;
  delimiter: string | undefined;
  spool: Spool;
}

async function inputFor(name: string, preparation: Preparation): Promise<InputFile> {
  const { options, delimiter } = preparation;
  const file = name === '-' ? (options.stdinName ?? STDIN_NAME) : name;
  const format = options.format ?? formatOf(file);
  const path = await rereadablePath(name, file, preparation);
  return { file, path, format, ...(delimiter === undefined ? {} : { delimiter }) };
}

/** Pipes and devices, such as `<(command)` of a shell, can be read only once, as can stdin. */
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

function sourceOf(surveyed: readonly SurveyedFile[], rules: IntakeOptions, spool: Spool): Source {
  const hash = createHash('sha256');
  // A digest of digests: where one file ends and the next begins counts.
  for (const { survey } of surveyed) hash.update(`${survey.digest}\n`);
  return {
    digest: hash.digest('hex'),
    rows: surveyed.reduce((sum, { survey }) => sum + survey.rows, 0),
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
