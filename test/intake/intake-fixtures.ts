import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { OnboardError } from '../../src/errors.ts';
import type { Entry, RawRecord, RecordReader } from '../../src/intake/entry.ts';
import type { IntakeOptions } from '../../src/intake/intake-options.ts';
import { openSource, type Source } from '../../src/intake/source.ts';
import { onRelease } from '../support/resources.ts';

/** A temporary folder, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'intake-test-'));
  onRelease(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file with this content into a new folder and returns its path. */
export async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** Opens a source with nothing on standard input; closed after the test. */
export async function open(
  files: readonly string[],
  options: Partial<IntakeOptions> = {},
): Promise<Source> {
  const source = await openSource({
    files,
    stdin: Readable.from([]),
    defaultType: 'User',
    ...options,
  });
  onRelease(() => source.close());
  return source;
}

export async function entriesOf(source: Source): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of source.entries()) entries.push(entry);
  return entries;
}

/** Reads `content` as a file of this name. */
export async function entriesFrom(name: string, content: string | Buffer): Promise<Entry[]> {
  return entriesOf(await open([await fileWith(name, content)]));
}

/** The error of opening a file with this content; without an error the test fails. */
export async function refusalOf(
  name: string,
  content: string | Buffer,
  options: Partial<IntakeOptions> = {},
): Promise<OnboardError> {
  return onboardErrorFrom(open([await fileWith(name, content)], options));
}

/** The OnboardError that `promise` rejects with; anything else fails the test. */
export async function onboardErrorFrom(promise: Promise<unknown>): Promise<OnboardError> {
  const thrown = await promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  if (thrown instanceof OnboardError) return thrown;
  throw thrown;
}

/** Feeds `text` to a reader in slices of `size` UTF-16 units. */
export function readAll(
  reader: RecordReader,
  text: string,
  size: number = text.length + 1,
): RawRecord[] {
  const records: RawRecord[] = [];
  for (let at = 0; at < text.length; at += size) {
    records.push(...reader.push(text.slice(at, at + size)));
  }
  return [...records, ...reader.end()];
}
