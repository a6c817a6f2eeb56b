import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnboardError } from '../errors.ts';
import { isCulture } from './cells/cell-rules.ts';
import { entryMaker, type PersonRules } from './cells/validate.ts';
import { ColumnNames } from './columns/column-names.ts';
import { columnUses } from './columns/column-uses.ts';
import { delimiterFrom } from './csv/delimiter.ts';
import type { Column, Entry } from './entry.ts';
import type { Reading } from './format.ts';
import { rereadFile } from './input-file.ts';
import type { IntakeOptions } from './intake-options.ts';
import { LineRanges } from './line-ranges.ts';
import { remarksOn } from './remarks.ts';
import { Spool } from './spool.ts';
import { type SurveyedFile, survey, withSheet } from './survey.ts';
import { encodingFrom } from './text/sniff.ts';

/** A well-formed submission that can be read any number of times. */
export type Source = Awaited<ReturnType<typeof openSource>>;

/**
 * Reads every file once, to find all faults of form, and returns a source for its entries. Throws
 * an OnboardError: E_USAGE for the options, those of surveyFile for a file. Throws the reason of
 * the signal when it aborts.
 */
export async function openSource(options: IntakeOptions) {
  refuseUsage(options);
  const { stdinName = '<stdin>' } = options;
  const files = options.files.map((path) => (path === '-' ? stdinName : path));
  const reading = readingOf(options);
  const only = new LineRanges(options.only ?? [], files);
  const spool = new Spool(options.spoolDir ?? tmpdir());
  try {
    const surveyed: SurveyedFile[] = [];
    for (const [index, given] of options.files.entries()) {
      const file = files[index] ?? given;
      const place = given === '-' ? given : join(options.folder ?? '', given);
      surveyed.push(await survey({ given: place, file, reading, only }, options, spool));
    }
    refuseUnseen(reading, files, surveyed);
    const rows = surveyed.reduce((sum, each) => sum + each.survey.rows, 0);
    if (rows === 0) {
      const sentence = `--only ${only}: no rows on these lines; name other lines`;
      throw new OnboardError('E_USAGE', sentence);
    }
    return {
      /** SHA-256 over the contents of the files in their order, and how they are read, hexadecimal. */
      digest: digestOf(surveyed, reading, only),
      /** Number of records of all files, people and rejected rows together. */
      rows,
      /** Number of records that `only` skips. */
      skipped: surveyed.reduce((sum, each) => sum + each.survey.skipped, 0),
      /** Unknown columns, as the files spell them. */
      ignoredColumns: [...new Set(surveyed.flatMap((each) => each.survey.facts.ignored))],
      /** The columns of each file, and how they are read. */
      columns: surveyed.flatMap(({ input, survey: found }) => columnUses(input.file, found)),
      /** Sentences about the files for the person who submits them. */
      remarks: surveyed.flatMap(({ input, survey: found, sheet }) =>
        remarksOn({ file: input.file, sheet, ...found }),
      ),
      /**
       * Every record, in order; each call reads the files again. Throws E_FILE_CHANGED when a file
       * has changed since the first pass: at its start if size or time differ, otherwise at its end.
       * The rules of the portal come before those of the options.
       */
      entries: (ofPortal: Partial<PersonRules> = {}) =>
        entriesOf(surveyed, { ...options, ...ofPortal }),
      /** Whether a file has a column, and a value in it that is understood. */
      has: (column: Column) =>
        surveyed.some(({ survey: { facts, notUnderstood } }) => {
          return facts.headers.has(column) && ![...notUnderstood.keys()].some((c) => c === column);
        }),
      /** Removes the private copy of standard input. */
      close: () => spool.remove(),
    };
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

/** Throws E_FILE_COLUMNS for a flag about a header that no file has; it may be in another sheet. */
function refuseUnseen(reading: Reading, files: readonly string[], surveyed: SurveyedFile[]) {
  try {
    reading.names.refuseUnseen(files);
  } catch (error) {
    const [sheet, more] = surveyed.flatMap((each) => each.sheet ?? []);
    throw sheet === undefined || more !== undefined ? error : withSheet(error, sheet);
  }
}

function readingOf(options: IntakeOptions): Reading {
  const { delimiter, encoding, at, onOddWord } = options;
  return {
    names: new ColumnNames(options),
    delimiter: delimiter === undefined ? undefined : delimiterFrom(delimiter),
    encoding: encoding === undefined ? undefined : encodingFrom(encoding),
    at,
    onOddWord,
  };
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

function digestOf(surveyed: readonly SurveyedFile[], reading: Reading, only: LineRanges): string {
  const hash = createHash('sha256');
  // A digest of digests, so that the borders between files count.
  for (const { survey: found } of surveyed) hash.update(`${found.digest}\n`);
  const { names, encoding, at } = reading;
  // Without these options the digest covers the contents alone.
  if (`${names}` !== '') hash.update(`map\n${names}\n`);
  if (encoding !== undefined) hash.update(`encoding\n${encoding}\n`);
  if (at !== undefined) hash.update(`at\n${at}\n`);
  if (only.isGiven) hash.update(`only\n${only}\n`);
  return hash.digest('hex');
}

async function* entriesOf(
  surveyed: readonly SurveyedFile[],
  rules: PersonRules,
): AsyncGenerator<Entry> {
  for (const { input, survey: found } of surveyed) {
    const toEntry = entryMaker(rules, input.file);
    for await (const records of rereadFile(input, found)) {
      for (const record of records) yield toEntry(record);
    }
  }
}
