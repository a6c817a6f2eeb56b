import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../errors.ts';
import { openOwn } from './own-file.ts';

/** A holder takes about 100 bytes. */
const LOCK_BYTES = 4096;

/** Owner of a data directory, from its lock file. */
export interface Holder {
  pid: number;
  /** Start time of the process in ticks since boot; absent without /proc. */
  startedAt?: string | undefined;
  host: string;
}

export interface Lock {
  kind: 'taken';
  /** The previous owner, which did not release the lock: a crash. */
  predecessor?: Holder | undefined;
  release(): Promise<void>;
}

/**
 * Takes the lock of a data directory, or returns its holder.
 *
 * The lock is the file `lock.N` with the highest N. A taker creates the next number together with
 * its content in one step (link), and only lower numbers are ever removed. When two takers see a
 * dead owner in `lock.7`, one creates `lock.8` and the other finds it. A slow taker that creates an
 * old number sees the higher one and steps back. An owner that leaves empties its file.
 * @throws {Error} of the file system, for instance EACCES.
 */
export async function takeLock(dir: string): Promise<Lock | { kind: 'held'; holder: Holder }> {
  for (;;) {
    const top = await newest(dir);
    if (top.holder !== undefined && (await isLive(top.holder))) {
      return { kind: 'held', holder: top.holder };
    }
    const mine = top.number + 1;
    if (!(await create(dir, mine))) continue;
    const path = lockPath(dir, mine);
    const seen = await numbers(dir);
    if (Math.max(...seen) > mine) {
      await rm(path, { force: true });
      continue;
    }
    for (const number of seen) {
      if (number < mine) await rm(lockPath(dir, number), { force: true });
    }
    return { kind: 'taken', predecessor: top.holder, release: () => empty(path) };
  }
}

/** Whether the holder is on another machine, where its process cannot be checked. */
export function isElsewhere(holder: Holder): boolean {
  return holder.host !== hostname();
}

async function newest(dir: string): Promise<{ number: number; holder: Holder | undefined }> {
  const number = Math.max(0, ...(await numbers(dir)));
  const text = await contentOf(lockPath(dir, number)).catch(() => '');
  return { number, holder: parseHolder(text) };
}

async function contentOf(path: string): Promise<string> {
  const handle = await openOwn(path, constants.O_RDONLY);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOCK_BYTES), 0, LOCK_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function empty(path: string): Promise<void> {
  const handle = await openOwn(path, constants.O_WRONLY);
  await handle.truncate().finally(() => handle.close());
}

/** Numbers with more digits would not be exact: the one after them could be the same. */
async function numbers(dir: string): Promise<number[]> {
  const locks = (await readdir(dir)).filter((name) => /^lock\.\d{1,15}$/.test(name));
  return locks.map((name) => Number(name.slice('lock.'.length)));
}

/** False when another taker has created this number. */
async function create(dir: string, number: number): Promise<boolean> {
  const holder: Holder = {
    pid: process.pid,
    startedAt: await processStart(process.pid),
    host: hostname(),
  };
  const draft = join(dir, `lock-draft.${process.pid}.${randomBytes(6).toString('hex')}`);
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, lockPath(dir, number));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, startedAt, host } = JSON.parse(text);
    // Zero and negative numbers name groups of processes.
    if (!Number.isInteger(pid) || pid < 1) return undefined;
    const start = typeof startedAt === 'string' ? startedAt : undefined;
    return { pid, host: String(host), startedAt: start };
  } catch {
    return undefined;
  }
}

/**
 * Compares the start time too: after a crash another process may get the same number. An owner on
 * another machine (a shared folder) counts as live.
 */
async function isLive(holder: Holder): Promise<boolean> {
  if (isElsewhere(holder)) return true;
  if (!(await isRunning(holder.pid))) return false;
  return holder.startedAt === undefined || (await processStart(holder.pid)) === holder.startedAt;
}

function lockPath(dir: string, number: number): string {
  return join(dir, `lock.${number}`);
}

/**
 * Start time of a process in ticks since boot; undefined without /proc, without such a process, and
 * for a dead one that its parent has not reaped (state Z or X in proc(5)).
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name is in brackets and may hold any characters, also brackets and spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // Index of the start time among the fields after the name.
  return fields[19];
}

/** Whether a process of any user runs; an unreaped dead one does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const hasProc = (await processStart(process.pid)) !== undefined;
  return !hasProc || (await processStart(pid)) !== undefined;
}
