import type { Stats } from 'node:fs';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf, messageOf, OnboardError } from '../../errors.ts';

const [GROUP_WRITES, OTHERS_WRITE, STICKY] = [0o020, 0o002, 0o1000];
const REMEDY = 'set ONBOARD_DATA_DIR to a folder of your own';

/**
 * Makes a data directory and the missing folders above it with mode 700, checks it, and returns its
 * real path.
 * @throws {OnboardError} E_DATA_DIR
 */
export async function makeDataDir(given: string): Promise<string> {
  try {
    await makeFolders(resolve(given));
    return await checkedDataDir(given);
  } catch (error) {
    throw dataDirError(given, error);
  }
}

/**
 * The real path of a data directory in which nobody but this user can have put a file. The lock,
 * the log and the socket in it are believed, so a folder of another user, or one in which others
 * may write, is refused. A link is judged by where it leads.
 * @throws {OnboardError} E_DATA_DIR; {Error} of the file system.
 */
export async function checkedDataDir(given: string): Promise<string> {
  const dir = await realpath(resolve(given));
  const found = await lstat(dir);
  if (!found.isDirectory()) throw new Error('it is not a folder');
  if (!isOurs(found)) {
    const text = `the data directory ${dir} belongs to user ${found.uid}, and this command runs as user ${process.getuid?.()}: run it as user ${found.uid}, or ${REMEDY}`;
    throw refusal(dir, text);
  }
  if (found.mode & (GROUP_WRITES | OTHERS_WRITE)) {
    const text = `other users can write into the data directory ${dir} (mode ${modeOf(found)}): check what is in it, then run chmod go-w ${dir}, or ${REMEDY}`;
    throw refusal(dir, text);
  }
  await checkAbove(dir);
  return dir;
}

/** Whether a file is this user's; always where the system has no user ids. */
export function isOurs({ uid }: Stats): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own;
}

/** The facts of a path itself, also of a link; undefined when nothing is there. */
export async function factsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** An error of the file system as one that names the directory; any OnboardError unchanged. */
export function dataDirError(dataDir: string, cause: unknown): OnboardError {
  if (cause instanceof OnboardError) return cause;
  const isGone = cause instanceof Error && 'syscall' in cause && cause.syscall === 'uv_cwd';
  const text = isGone
    ? `the current folder was deleted, and with it the place of the data directory ${dataDir}: change to a folder that exists`
    : `the data directory ${dataDir} cannot be used (${messageOf(cause)}): set ONBOARD_DATA_DIR to a writable folder on a local disk`;
  return new OnboardError('E_DATA_DIR', text, { cause, details: { dataDir } });
}

/**
 * In a folder that everybody may write to, everybody may put another folder in place of the data
 * directory; the sticky bit of /tmp prevents it. Members of a group are accepted: where each user
 * has a group of their own, project folders have mode 775.
 */
async function checkAbove(dir: string): Promise<void> {
  for (let path = dir; path !== dirname(path); ) {
    path = dirname(path);
    const found = await lstat(path);
    if ((found.mode & OTHERS_WRITE) === 0 || found.mode & STICKY) continue;
    const text = `every user can put another folder in place of the data directory ${dir}, because ${path} has mode ${modeOf(found)}: run chmod o-w ${path}, or ${REMEDY}`;
    throw refusal(dir, text);
  }
}

/** Node's recursive mkdir never ends under /proc, where a folder can be neither found nor made. */
async function makeFolders(dir: string): Promise<void> {
  const missing: string[] = [];
  for (let path = dir; (await factsOf(path)) === undefined; path = dirname(path)) {
    missing.unshift(path);
  }
  for (const path of missing) {
    await mkdir(path, { mode: 0o700 }).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o7777).toString(8);
}

function refusal(dataDir: string, text: string): OnboardError {
  return new OnboardError('E_DATA_DIR', text, { details: { dataDir } });
}
