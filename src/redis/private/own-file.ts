import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { codeOf, OnboardError } from '../../errors.ts';
import { factsOf, isOurs } from './data-directory.ts';

/** Errors of the system about a link, a pipe without a reader, a socket and a folder. */
const NO_FILE = ['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'];

/**
 * Opens a file of the data directory, or creates it with mode 600 (O_CREAT). A link is not
 * followed, which could lead to any file of this user, and a pipe is not waited for.
 * @throws {OnboardError} E_DATA_DIR for anything but a file of this user; {Error} of the system.
 */
export async function openOwn(path: string, flags: number): Promise<FileHandle> {
  const careful = flags | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, careful, 0o600).catch((error) => {
    throw NO_FILE.includes(codeOf(error) ?? '') ? noFile(path) : error;
  });
  const found = await handle.stat();
  if (found.isFile() && isOurs(found)) return handle;
  await handle.close();
  throw noFile(path);
}

/**
 * Refuses links in the place of files that the server opens by itself.
 * @throws {OnboardError} E_DATA_DIR
 */
export async function refuseLinks(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if ((await factsOf(path))?.isSymbolicLink()) throw noFile(path);
  }
}

function noFile(path: string): OnboardError {
  const text = `${path} is a link, a pipe, or another user's: remove it and run the command again`;
  return new OnboardError('E_DATA_DIR', text, { details: { path } });
}
