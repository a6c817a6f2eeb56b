import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import { line } from '../../printable.ts';
import type { Logger } from '../../process/logger.ts';
import type { Timings } from '../../timings.ts';
import { type Holder, isElsewhere, type Lock, takeLock } from './data-dir-lock.ts';
import { checkedDataDir, dataDirError, makeDataDir } from './data-directory.ts';
import { makeSocketFolder, removeSocketFolder, socketPathOf } from './own-socket.ts';
import { type ServerOptions, startServer } from './private-server.ts';
import { serverState, stopLeftBehind } from './probe-server.ts';

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
 * server of a live owner as a guest. A new directory gets mode 700; in one of another user, or one
 * in which others may write, nothing is read and nothing started. Data survives a crash of the
 * owner (append-only file, synced every second).
 * @throws {OnboardError} E_DATA_DIR_LOCKED, E_REDIS_MISSING, E_DATA_DIR.
 */
export async function openPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { role, timings } = options;
  const dataDir = await makeDataDir(options.dataDir);
  try {
    const socketPath = socketPathOf(dataDir);
    await makeSocketFolder(socketPath);
    const limit = AbortSignal.timeout(timings.dataDirWaitMs);
    for (;;) {
      const lock = await takeLock(dataDir);
      if (lock.kind === 'taken') return await own({ ...options, dataDir }, socketPath, lock);
      const { holder } = lock;
      const state = role === 'guest' ? await serverState(socketPath, timings) : undefined;
      if (state === 'ready') {
        return { socketPath, owner: false, close: () => Promise.resolve() };
      }
      if (limit.aborted && state !== 'loading') throw lockedError(dataDir, holder);
      await sleep(timings.dataDirPollMs);
    }
  } catch (error) {
    throw dataDirError(dataDir, error);
  }
}

async function own(
  options: PrivateRedisOptions,
  socketPath: string,
  lock: Lock,
): Promise<PrivateRedis> {
  const leave = async (): Promise<void> => {
    await rm(socketPath, { force: true });
    await removeSocketFolder(socketPath);
    await lock.release();
  };
  try {
    await stopLeftBehind(socketPath, options.timings);
    // An owner that left meanwhile removed the socket's folder.
    await makeSocketFolder(socketPath);
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
 * The socket of the private Redis of a data directory if it answers, otherwise undefined, also for
 * a directory that would be refused. Starts and creates nothing.
 */
export async function runningSocket(
  dataDir: string,
  timings: Timings,
): Promise<string | undefined> {
  try {
    const socketPath = socketPathOf(await checkedDataDir(dataDir));
    return (await serverState(socketPath, timings)) === 'ready' ? socketPath : undefined;
  } catch {
    return undefined;
  }
}

function lockedError(dataDir: string, holder: Holder): OnboardError {
  const { pid, host } = holder;
  const what = isElsewhere(holder)
    ? line`by process ${pid} on ${host}: end it there (or, if it is gone, remove the file lock.* of the directory)`
    : `by process ${pid}: wait for it or end it, or set ONBOARD_DATA_DIR to another folder`;
  return new OnboardError('E_DATA_DIR_LOCKED', `the data directory ${dataDir} is in use ${what}`, {
    details: { dataDir, pid, host },
  });
}
