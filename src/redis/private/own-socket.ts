import { createHash } from 'node:crypto';
import { chmod, mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, OnboardError } from '../../errors.ts';
import { factsOf, isOurs } from './data-directory.ts';

/** Longest socket path on every system: 104 bytes on macOS, 108 on Linux, one for NUL. */
const SOCKET_PATH_BYTES = 100;

/**
 * Where a socket is whose path in the data directory would be too long. Every system has this
 * folder, and it is the same in a login shell and in a cron job; TMPDIR is not.
 */
const SHARED = '/tmp';
const OUTSIDE = /^\/tmp\/onboard-\d+-[0-9a-f]{16}$/;

/** The socket of a data directory: its real path and the user decide. */
export function socketPathOf(dataDir: string): string {
  const inside = join(dataDir, 'redis.sock');
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES) return inside;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(SHARED, `onboard-${process.getuid?.() ?? 0}-${name}`, 'redis.sock');
}

/**
 * Makes the folder of a socket outside of the data directory, with mode 700.
 * @throws {OnboardError} E_DATA_DIR when another user has made it; {Error} of the file system.
 */
export async function makeSocketFolder(socketPath: string): Promise<void> {
  const folder = dirname(socketPath);
  if (!OUTSIDE.test(folder)) return;
  await mkdir(folder, { mode: 0o700 }).catch((error) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  const found = await factsOf(folder);
  if (!found?.isDirectory() || !isOurs(found)) throw foreign(folder);
  await chmod(folder, 0o700);
}

/** Removes what `makeSocketFolder` made, unless it is in use. */
export async function removeSocketFolder(socketPath: string): Promise<void> {
  const folder = dirname(socketPath);
  if (OUTSIDE.test(folder)) await rmdir(folder).catch(() => undefined);
}

/**
 * Whether the path leads to a socket; asked before every connection, since a command sends all
 * people to its Redis. Only this user can have put it there: the folder and the socket are ours, are no
 * links, and nobody else may write into the folder.
 * @throws {OnboardError} E_DATA_DIR for a socket or a folder of somebody else.
 */
export async function hasOwnSocket(socketPath: string): Promise<boolean> {
  const path = dirname(socketPath);
  const folder = await factsOf(path);
  if (folder === undefined) return false;
  const forbidden = OUTSIDE.test(path) ? 0o077 : 0o022;
  if (!folder.isDirectory() || !isOurs(folder) || folder.mode & forbidden) throw foreign(path);
  const socket = await factsOf(socketPath);
  if (socket === undefined) return false;
  if (!socket.isSocket() || !isOurs(socket)) throw foreign(socketPath);
  return true;
}

function foreign(path: string): OnboardError {
  const text = `another user may have put ${path} in the place of the private Redis: remove it, or set ONBOARD_DATA_DIR to another folder`;
  return new OnboardError('E_DATA_DIR', text, { details: { path } });
}
