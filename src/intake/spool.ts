import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

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
    // Personal data: the owner may read and write, nobody else.
    await pipeline(input, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    return path;
  }

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
