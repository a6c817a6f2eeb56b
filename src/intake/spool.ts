import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The mode for personal data: the owner may read and write. */
const PRIVATE_FILE = 0o600;

/** Private files for input that can be read only once, such as standard input. */
export class Spool {
  readonly #parent: string;
  #folder: string | undefined;
  #files = 0;

  /** `parent` is the folder for the spool's own, which is created on demand. */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Writes `input` to a new file and returns its path. */
  async keep(input: Readable, signal?: AbortSignal): Promise<string> {
    const path = await this.newPath();
    const file = createWriteStream(path, { flags: 'wx', mode: PRIVATE_FILE });
    await pipeline(input, file, signal === undefined ? {} : { signal });
    return path;
  }

  /** A path for a new file in the spool. */
  async newPath(): Promise<string> {
    // mkdtemp creates the folder with mode 700.
    this.#folder ??= await mkdtemp(join(this.#parent, 'onboard-'));
    this.#files += 1;
    return join(this.#folder, `input-${this.#files}`);
  }

  /** Removes every file; may be called again. */
  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
