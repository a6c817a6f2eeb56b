import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';
import { missingServer } from './find-server.ts';
import { stopLeftBehind } from './left-behind.ts';
import { serverState } from './probe-server.ts';
import { openLog, readTail, type ServerLog } from './server-log.ts';
import { watchdog } from './watchdog.ts';

export interface ServerOptions {
  /** Absolute path of the folder with the data and `redis.log`. */
  dataDir: string;
  socketPath: string;
  /** Environment with the PATH of redis-server; ours by default. */
  env?: Record<string, string> | undefined;
  /** Called when the server ends unexpectedly. */
  onExit: (error: OnboardError) => void;
  timings: Timings;
}

export interface PrivateServer {
  stop(): Promise<void>;
}

/**
 * Settings of a private server (B-REDIS-03): no TCP port, every write in the append-only file
 * within a second, no eviction, big keys freed in the background, and job hashes compact up to
 * 1,024-byte fields (752 bytes a job instead of 1,199). `hash-max-ziplist-value` is the name in 6.2
 * of hash-max-listpack-value; later servers accept both.
 */
function settings(socketPath: string): string[] {
  const reach = ['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '700'];
  const durable = ['--dir', './', '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
  const memory = ['--maxmemory-policy', 'noeviction', '--lazyfree-lazy-user-del', 'yes'];
  return [...reach, ...durable, ...memory, '--hash-max-ziplist-value', '1024'];
}

/**
 * Starts redis-server or valkey-server under a watchdog and waits until it has loaded its data.
 * Neither of them keeps the event loop alive; when the caller ends, the watchdog stops the server.
 * @throws {OnboardError} E_REDIS_MISSING, or E_DATA_DIR with the last lines of its log.
 */
export async function startServer(options: ServerOptions): Promise<PrivateServer> {
  const { timings } = options;
  const log = await openLog(options.dataDir);
  const child = spawn(
    '/bin/sh',
    ['-c', watchdog(timings), 'onboard-redis', ...settings(options.socketPath)],
    {
      cwd: options.dataDir,
      detached: true,
      stdio: ['pipe', log.handle.fd, log.handle.fd],
      env: options.env,
    },
  );
  const ended = endOf(child);
  await log.handle.close();
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopServer(child, ended, timings);
    // A kill may have ended the watchdog's shell before its server.
    await stopLeftBehind(options.socketPath, timings);
  };
  const exited = ended.then((status) => exitError(status, log));
  await firstAnswer(options, exited).catch(async (error) => {
    await stop();
    throw error;
  });
  exited.then((error) => {
    if (!isStopping) options.onExit(error);
  });
  return { stop };
}

/** Exit status of the watchdog; undefined when it was killed or did not start. */
async function endOf(child: ChildProcess): Promise<number | undefined> {
  child.stdin?.on('error', () => undefined);
  try {
    const [status] = await once(child, 'exit');
    return typeof status === 'number' ? status : undefined;
  } catch {
    return undefined;
  }
}

async function firstAnswer(
  { socketPath, timings }: ServerOptions,
  exited: Promise<OnboardError>,
): Promise<void> {
  const limit = AbortSignal.timeout(timings.serverStartMs);
  for (;;) {
    const state = await Promise.race([exited, serverState(socketPath, timings)]);
    if (state instanceof OnboardError) throw state;
    if (state === 'ready') return;
    if (limit.aborted && state !== 'loading') {
      const text = `the Redis server on ${socketPath} does not answer: end it and run the command again`;
      throw new OnboardError('E_DATA_DIR', text);
    }
    await sleep(timings.serverPollMs);
  }
}

async function exitError(status: number | undefined, log: ServerLog): Promise<OnboardError> {
  if (status === 127) return missingServer();
  const lines = await readTail(log);
  const isDamaged = lines.some((line) => /append.only file|AOF/i.test(line));
  const remedy = isDamaged
    ? `copy the folder, then run redis-check-aof --fix on the file that ${log.path} names`
    : `see ${log.path}`;
  return new OnboardError(
    'E_DATA_DIR',
    `the private Redis server ended (status ${status ?? 'unknown'}): ${lines.at(-1) ?? 'no output'}; ${remedy}`,
    { details: { status, log: lines } },
  );
}

/** Closes the pipe to the watchdog and waits; kills the whole session after the time. */
async function stopServer(
  child: ChildProcess,
  ended: Promise<unknown>,
  { serverStopMs }: Timings,
): Promise<void> {
  child.ref();
  child.stdin?.end();
  const late = setTimeout(() => killSession(child), serverStopMs);
  await ended;
  clearTimeout(late);
}

function killSession(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The session ended meanwhile.
  }
}
