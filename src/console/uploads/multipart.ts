import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { OnboardError } from '../../errors.ts';
import { diskFull } from './disk-full.ts';
import { fileNames } from './file-names.ts';

/** Files of one upload; more are sent as a second one. */
const MOST_FILES = 20;

/** Fields of the form, and bytes of each: a column of an odd list is mapped in three fields. */
const MOST_FIELDS = 2000;
const FIELD_BYTES = 4096;

/** A form that was received whole. */
export interface Received {
  fields: URLSearchParams;
  /** Names of the files in the folder, in their order. */
  files: string[];
  bytes: number;
}

interface Receiving {
  contentType: string;
  /** Private folder for the files. */
  folder: string;
  /** Most bytes of all files together. */
  mostBytes: number;
  /** Whether the form is one of the session. */
  isOurs(token: string): boolean;
  /** How a file is written; a test has a full disk. */
  open?: (path: string) => Writable;
}

/**
 * Streams a form with files into a folder, in files of mode 600. The first field must be the token:
 * nothing of a file is written before it was checked. Returns undefined for a form of somebody else.
 * On any error the caller removes the folder.
 * @throws {OnboardError} E_UPLOAD, E_UPLOAD_TOO_LARGE, E_DISK_FULL
 */
export async function receiveForm(
  body: Readable,
  options: Receiving,
): Promise<Received | undefined> {
  const stop = new AbortController();
  const parser = parserFor(options.contentType);
  const collected = collect(parser, options, (why) => stop.abort(why));
  try {
    await pipeline(body, parser, { signal: stop.signal });
    await Promise.all(collected.writes);
  } catch (error) {
    for (const stream of collected.open) stream.destroy();
    await Promise.allSettled(collected.writes);
    if (stop.signal.reason === FOREIGN) return undefined;
    throw errorOf(stop.signal.aborted ? stop.signal.reason : error);
  }
  const { fields, files, bytes } = collected;
  if (!collected.isChecked) return undefined;
  if (files.length === 0) throw new OnboardError('E_UPLOAD', 'no file was sent: choose a list');
  return { fields, files, bytes };
}

const FOREIGN = Symbol('a form of somebody else');

function parserFor(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        files: MOST_FILES,
        fields: MOST_FIELDS,
        fieldSize: FIELD_BYTES,
        headerPairs: 20,
        headerSize: 16_384,
      },
    });
  } catch (error) {
    throw errorOf(error);
  }
}

/** Collects fields and writes files until `stop` is called with the reason. */
function collect(
  parser: InstanceType<typeof Busboy>,
  { folder, mostBytes, isOurs, open = privateFile }: Receiving,
  stop: (why: unknown) => void,
) {
  const nameFor = fileNames();
  const found = {
    fields: new URLSearchParams(),
    files: [] as string[],
    bytes: 0,
    isChecked: false,
    open: new Set<Readable>(),
    writes: [] as Promise<void>[],
  };
  parser.on('field', (name, value, _, isCut) => {
    if (!found.isChecked && (name !== 'token' || !isOurs(value))) return stop(FOREIGN);
    found.isChecked = true;
    if (isCut) stop(new OnboardError('E_UPLOAD', `a value is longer than ${FIELD_BYTES} bytes`));
    found.fields.append(name, value);
  });
  parser.on('file', (_, stream, given) => {
    if (!found.isChecked) return stop(FOREIGN);
    // A browser sends a field without a file as one without a name.
    if (!given) return void stream.resume();
    const name = nameFor(given);
    found.files.push(name);
    found.open.add(stream);
    stream.on('data', ({ length }: Buffer) => {
      found.bytes += length;
      if (found.bytes > mostBytes) stop(tooLarge(mostBytes));
    });
    const write = pipeline(stream, open(join(folder, name))).finally(() => {
      found.open.delete(stream);
    });
    write.catch(stop);
    found.writes.push(write);
  });
  const many = new OnboardError('E_UPLOAD', `send at most ${MOST_FILES} files at a time`);
  parser.on('filesLimit', () => stop(many));
  parser.on('fieldsLimit', () =>
    stop(new OnboardError('E_UPLOAD', 'the form has too many fields')),
  );
  return found;
}

function privateFile(path: string): Writable {
  return createWriteStream(path, { flags: 'wx', mode: 0o600 });
}

function tooLarge(mostBytes: number): OnboardError {
  const most = Math.floor(mostBytes / 1_048_576);
  const text = `the files have more than ${most} MiB together: divide the list, or set CONSOLE_UPLOAD_MB`;
  return new OnboardError('E_UPLOAD_TOO_LARGE', text);
}

function errorOf(error: unknown): OnboardError {
  if (error instanceof OnboardError) return error;
  const full = diskFull(error, 'send the files again');
  if (full !== undefined) return full;
  const text = 'the files did not arrive whole: send them again';
  return new OnboardError('E_UPLOAD', text, { cause: error });
}
