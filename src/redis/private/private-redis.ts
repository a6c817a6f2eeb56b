import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, OnboardError } from '../../errors.ts';
import type { Logger } from '../../process/logger.ts';
import type { Timings } from '../../timings.ts';
import { type Holder, isElsewhere, type Lock, takeLock } from './data-dir-lock.ts';
import { type ServerOptions, startServer } from './private-server.ts';
import { serverState, stopLeftBehind } from './probe-server.ts';

/** Longest socket path on every system: 104 bytes on macOS, 108 on Linux, one for NUL. */
const SOCKET_PATH_BYTES = 100;

export interface PrivateRedisOptions extends Pick<ServerOptions, 'dataDir' | 'env' | 'timings'> {
  /** An owner needs the directory for itself; a guest may join the server of a live owner. */
  role: 'owner' | 'guest';
  logger: Logger;
  /** Called when the server ends unexpectedly, which is also logged. */
  onExit?: (error: OnboardError) => void;
}

export interface PrivateRedis {
  socketPath: string;
  /** Whether this process started the server; a guest's server ends with its owner. */
  owner: boolean;
  /** Stops the server and releases the directory; does nothing for a guest. */
  close(): Promise<void>;
}

/**
 * Opens the private Redis of a data directory: starts the server on a Unix socket, or joins the
 * server of a live owner as a guest. A new directory gets mode 700; in an existing one only our own
 * files are private. Data survives a crash of the owner (append-only file, synced every second).
 * @throws {OnboardError} E_DATA_DIR_LOCKED, E_REDIS_MISSING, E_DATA_DIR.
 */
export async function openPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { role, timings } = options;
  const dataDir = resolve(options.dataDir);
  try {
    const socketPath = await prepare(dataDir);
    const limit = AbortSignal.timeout(timings.dataDirWaitMs);
    for (;;) {
      const lock = await takeLock(dataDir, socketPath);
      if (lock.kind === 'taken') return await own({ ...options, dataDir }, socketPath, lock);
      const { holder } = lock;
      const state = role === 'guest' ? await serverState(holder.socketPath, timings) : undefined;
      if (state === 'ready') {
        return { socketPath: holder.socketPath, owner: false, close: () => Promise.resolve() };
      }
      if (limit.aborted && state !== 'loading') throw lockedError(dataDir, holder);
      await sleep(timings.dataDirPollMs);
    }
  } catch (error) {
    throw error instanceof OnboardError ? error : directoryError(dataDir, error);
  }
}

async function own(
  options: PrivateRedisOptions,
  socketPath: string,
  lock: Lock,
): Promise<PrivateRedis> {
  const { dataDir } = options;
  const leave = async (): Promise<void> => {
    await rm(socketPath, { force: true });
    if (dirname(socketPath) !== dataDir) await rm(dirname(socketPath), { recursive: true });
    await lock.release();
  };
  try {
    for (const path of new Set([lock.predecessor?.socketPath ?? socketPath, socketPath])) {
      await stopLeftBehind(path, options.timings);
    }
    // An owner that left meanwhile removed the socket's folder.
    await prepare(dataDir);
    const onExit = (error: OnboardError): void => {
      const fields = { code: error.code, ...error.details };
      options.logger.error(fields, 'private redis ended unexpectedly');
      options.onExit?.(error);
    };
    const server = await startServer({ ...options, socketPath, onExit });
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= server.stop().then(leave);
      return closing;
    };
    return { socketPath, owner: true, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The socket of the private Redis of a data directory if it answers, otherwise undefined. Starts
 * and creates nothing.
 */
export async function runningSocket(
  dataDir: string,
  timings: Timings,
): Promise<string | undefined> {
  const socketPath = socketPathOf(resolve(dataDir));
  return (await serverState(socketPath, timings)) === 'ready' ? socketPath : undefined;
}

function socketPathOf(dataDir: string): string {
  const inside = join(dataDir, 'redis.sock');
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES) return inside;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `onboard-${name}`, 'redis.sock');
}

/** Creates missing folders and returns the path of the socket. */
async function prepare(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const socketPath = socketPathOf(dataDir);
  const folder = dirname(socketPath);
  if (folder === dataDir) return socketPath;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // In the shared temporary folder another user may have created ours.
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Error(`${folder} belongs to another user: remove it, or use a shorter path`);
  }
  await chmod(folder, 0o700);
  return socketPath;
}

function directoryError(dataDir: string, cause: unknown): OnboardError {
  const text = `the data directory ${dataDir} cannot be used (${messageOf(cause)}): set ONBOARD_DATA_DIR to a writable folder on a local disk`;
  return new OnboardError('E_DATA_DIR', text, { cause, details: { dataDir } });
}

function lockedError(dataDir: string, holder: Holder): OnboardError {
  const { pid, host } = holder;
  const what = isElsewhere(holder)
    ? `by process ${pid} on ${host}: end it there (or, if it is gone, remove the file lock.* of the directory)`
    : `by process ${pid}: wait for it or end it, or set ONBOARD_DATA_DIR to another folder`;
  return new OnboardError('E_DATA_DIR_LOCKED', `the data directory ${dataDir} is in use ${what}`, {
    details: { dataDir, pid, host },
  });
}
