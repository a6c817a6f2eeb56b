import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { messageOf, OnboardError } from '../errors.ts';
import { Understanding, withoutColumns } from './columns/understood.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { fileError } from './file-error.ts';
import { type Format, type Reading, readerFor } from './format.ts';
import type { LineRanges } from './line-ranges.ts';
import { FileText } from './text/file-text.ts';

/** Bytes of one read: about 3,000 rows, so that the cost of a read is negligible. */
const READ_SIZE = 262_144;

/** One file that can be read any number of times. */
export interface InputFile {
  /** Name in messages and rows. */
  file: string;
  /** Its path, or a file of the spool, which has none. */
  place: string | FileHandle;
  format: Format;
  reading: Reading;
  /** Lines to read; the others are skipped. */
  only: LineRanges;
  signal?: AbortSignal | undefined;
}

/** Result of the first pass over a file. */
export type Survey = Awaited<ReturnType<typeof surveyFile>>;

/**
 * Reads a file for the first time. Throws E_FILE_UNREADABLE, E_FILE_ENCODING, E_FILE_FORMAT,
 * E_FILE_MALFORMED, E_FILE_COLUMNS or E_FILE_EMPTY, and the reason of the signal when it aborts.
 */
export async function surveyFile(input: InputFile) {
  const hash = createHash('sha256');
  const reader = readerFor(input.format, input.file, input.reading);
  const before = await statOf(input);
  const text = textOf(input);
  const understanding = new Understanding();
  /** Numbers of selected and of skipped records. */
  let rows = 0;
  let skipped = 0;
  for await (const records of recordSlices(input, { reader, text, hash })) {
    understanding.note(records);
    const selected = selectedOf(input, records).length;
    rows += selected;
    skipped += records.length - selected;
  }
  if (rows + skipped === 0) {
    const sentence = 'this file has no rows; add at least one (in CSV, after a header).';
    throw fileError('E_FILE_EMPTY', { file: input.file }, sentence);
  }
  const { names } = input.reading;
  const notUnderstood = understanding.notUnderstood();
  for (const column of notUnderstood.keys()) {
    if (names.isMeant(column)) notUnderstood.delete(column);
  }
  return {
    rows,
    skipped,
    facts: reader.facts(),
    /** Optional columns without any value that is understood; they are not read. */
    notUnderstood,
    encoding: text.encoding ?? 'utf-8',
    digest: hash.digest('hex'),
    ...before,
  };
}

/**
 * Reads a file again and yields its records in slices of one read. Throws E_FILE_CHANGED when the
 * file differs from `survey`, as early as possible and at the latest after the last record.
 */
export async function* rereadFile(input: InputFile, survey: Survey): AsyncGenerator<RawRecord[]> {
  const hash = createHash('sha256');
  const reader = readerFor(input.format, input.file, input.reading);
  const changed = (cause?: unknown) =>
    fileError(
      'E_FILE_CHANGED',
      { file: input.file, cause },
      'the file changed during the command; run the command again.',
    );
  try {
    const { sizeBytes, modifiedMs } = await statOf(input);
    if (sizeBytes !== survey.sizeBytes || modifiedMs !== survey.modifiedMs) throw changed();
    const text = textOf(input);
    for await (const records of recordSlices(input, { reader, text, hash })) {
      const selected = selectedOf(input, records);
      yield selected.map((record) => withoutColumns(record, survey.notUnderstood));
    }
  } catch (error) {
    // The first pass found no fault of form, so any fault now is a change.
    const isKnown = !(error instanceof OnboardError) || error.code === 'E_FILE_CHANGED';
    throw isKnown ? error : changed(error);
  }
  if (hash.digest('hex') !== survey.digest) throw changed();
}

function selectedOf({ only, file }: InputFile, records: RawRecord[]): RawRecord[] {
  return records.filter(({ line }) => only.has(file, line));
}

/** E_FILE_UNREADABLE for a failed call of the file system. */
export function unreadableError(file: string, cause: unknown): OnboardError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a directory',
  };
  const sentence = `the file cannot be read: ${why[code] ?? messageOf(cause)}.`;
  return fileError('E_FILE_UNREADABLE', { file, cause }, sentence);
}

function textOf({ file, format, reading }: InputFile): FileText {
  // The rows of a sheet are our own file.
  return new FileText(file, format === 'xlsx' ? 'utf-8' : reading.encoding);
}

interface Pass {
  reader: RecordReader;
  text: FileText;
  hash: Hash;
}

async function* recordSlices(
  input: InputFile,
  { reader, text, hash }: Pass,
): AsyncGenerator<RawRecord[]> {
  try {
    for await (const bytes of bytesOf(input)) {
      input.signal?.throwIfAborted();
      hash.update(bytes);
      yield reader.push(text.push(bytes));
    }
    yield reader.push(text.end());
  } catch (error) {
    if (text.odd !== undefined) {
      const { oddWordLine } = await import('./text/guess-encoding.ts');
      input.reading.onOddWord?.(oddWordLine(text.odd));
    }
    throw error;
  }
  yield reader.end();
}

async function* bytesOf(input: InputFile): AsyncGenerator<Buffer> {
  const { place } = input;
  try {
    if (typeof place === 'string') yield* createReadStream(place, { highWaterMark: READ_SIZE });
    else yield* piecesOf(place);
  } catch (error) {
    throw unreadableError(input.file, error);
  }
}

/** The content from its start, whatever other readers have read. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_SIZE), 0, READ_SIZE, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function statOf({ file, place }: InputFile) {
  try {
    const { size, mtimeMs } = typeof place === 'string' ? await stat(place) : await place.stat();
    return { sizeBytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    throw unreadableError(file, error);
  }
}
