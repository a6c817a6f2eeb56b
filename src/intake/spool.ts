import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Private files for input that can be read only once, such as standard input. They hold personal
 * data, so each loses its name as soon as it is open: the system removes it when this process ends,
 * also after SIGKILL, and no other user can open it.
 */
export class Spool {
  readonly #parent: string;
  readonly #files: FileHandle[] = [];

  /** `parent` is the folder for the files. */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Writes `input` to a new file. */
  async keep(input: Readable, signal?: AbortSignal): Promise<FileHandle> {
    const file = await this.newFile();
    const write = (pieces: AsyncIterable<Buffer>) => writeAll(file, pieces);
    await pipeline(input, write, { signal });
    return file;
  }

  /** An empty file, which is open until `remove`. */
  async newFile(): Promise<FileHandle> {
    // mkdtemp creates the folder with mode 700.
    const folder = await mkdtemp(join(this.#parent, 'onboard-'));
    try {
      const file = await open(join(folder, 'input'), 'wx+', 0o600);
      this.#files.push(file);
      return file;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Removes every file; may be called again. */
  async remove(): Promise<void> {
    for (const file of this.#files.splice(0)) await file.close();
  }
}

/** A path that opens a file of a spool, inside this process. */
export function pathOf(file: FileHandle): string {
  return `/dev/fd/${file.fd}`;
}

/** Positions are given with each write, so that the file's own stays at its start. */
export async function writeAll(file: FileHandle, pieces: AsyncIterable<Buffer>): Promise<void> {
  let position = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const { bytesWritten } = await file.write(piece, from, piece.length - from, position);
      from += bytesWritten;
      position += bytesWritten;
    }
  }
}
