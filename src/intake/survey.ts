import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { type ErrorCode, OnboardError } from '../errors.ts';
import { line } from '../printable.ts';
import { shown } from './columns/column-errors.ts';
import { type Format, formatOf, type Reading } from './format.ts';
import { type InputFile, type Survey, surveyFile, unreadableError } from './input-file.ts';
import type { IntakeOptions } from './intake-options.ts';
import type { LineRanges } from './line-ranges.ts';
import { othersText } from './remarks.ts';
import { pathOf, type Spool } from './spool.ts';
import type { ReadSheet } from './workbook/choose-sheet.ts';
import { hasHeader } from './workbook/sheet.ts';

/** A file that was read once, and can be read again. */
export interface SurveyedFile {
  input: InputFile;
  survey: Survey;
  /** The sheet of a workbook. */
  sheet: ReadSheet | undefined;
}

interface Given {
  /** Path as given; `-` is standard input. */
  given: string;
  /** Name in messages and rows. */
  file: string;
  reading: Reading;
  only: LineRanges;
}

/** Errors about the content of a sheet: perhaps another sheet is meant. */
const ABOUT_CONTENT: readonly ErrorCode[] = ['E_FILE_COLUMNS', 'E_FILE_EMPTY'];

/** Makes a file readable any number of times, and reads it once. Throws like surveyFile. */
export async function survey(
  { given, file, reading, only }: Given,
  options: Pick<IntakeOptions, 'format' | 'sheet' | 'stdin' | 'signal'>,
  spool: Spool,
): Promise<SurveyedFile> {
  const { signal } = options;
  const format = options.format ?? formatOf(file);
  refuseFlags(file, format, { sheet: options.sheet, at: reading.at });
  const { place, sheet } = await rereadable({ given, file, format, reading }, options, spool);
  const input = { file, place, format, reading, only, signal };
  try {
    return { input, survey: await surveyFile(input), sheet };
  } catch (error) {
    throw sheet === undefined ? error : withSheet(error, sheet);
  }
}

/** Throws E_USAGE for a flag that says nothing about files of this format. */
function refuseFlags(
  file: string,
  format: Format,
  { sheet, at }: { sheet: string | undefined; at: string | undefined },
): void {
  if (sheet !== undefined && format !== 'xlsx') {
    const sentence = line`--sheet ${sheet}: ${file} is not a workbook (.xlsx); remove --sheet`;
    throw new OnboardError('E_USAGE', sentence);
  }
  if (at !== undefined && format !== 'json') {
    const sentence = line`--at ${at}: ${file} is not JSON (.json); remove --at`;
    throw new OnboardError('E_USAGE', sentence);
  }
}

/** The error with the names of the sheets, when there are several. */
export function withSheet(error: unknown, { name, others }: ReadSheet): unknown {
  const isKnown = error instanceof OnboardError && ABOUT_CONTENT.includes(error.code);
  if (!isKnown || others.length === 0) return error;
  const text = line`${error.message} The sheet ${shown(name)} was read; ${othersText(others)}.`;
  return new OnboardError(error.code, text, { details: error.details, cause: error.cause });
}

/**
 * A file that can be read any number of times. The spool gets a copy of an input that
 * can be read only once (stdin, pipes such as `<(command)`, devices), and the rows of a sheet.
 */
async function rereadable(
  { given, file, format, reading }: Omit<Given, 'only'> & { format: Format },
  { stdin, sheet, signal }: Pick<IntakeOptions, 'sheet' | 'stdin' | 'signal'>,
  spool: Spool,
): Promise<{ place: string | FileHandle; sheet?: ReadSheet }> {
  try {
    let place: string | FileHandle = given;
    if (given === '-') place = await spool.keep(stdin, signal);
    else if (!(await isPlain(given))) place = await spool.keep(createReadStream(given), signal);
    if (format !== 'xlsx') return { place };
    // Most lists are no workbooks and need not wait for its packages.
    const { convertSheet } = await import('./workbook/convert-sheet.ts');
    const target = await spool.newFile();
    const source = typeof place === 'string' ? place : pathOf(place);
    const has = (rows: Parameters<typeof hasHeader>[0]) => hasHeader(rows, reading.names);
    const read = await convertSheet({ file, source, target, sheet, hasHeader: has, signal });
    return { place: target, sheet: read };
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
