import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';
import { factsOf } from './data-directory.ts';
import { missingServer } from './find-server.ts';
import { openOwn, refuseLinks } from './own-file.ts';
import { serverState, stopLeftBehind } from './probe-server.ts';

export interface ServerOptions {
  /** Folder with the data and `redis.log`. */
  dataDir: string;
  socketPath: string;
  /** Environment with the PATH of redis-server; ours by default. */
  env?: Record<string, string> | undefined;
  onExit: (error: OnboardError) => void;
  timings: Timings;
}

/** Size above which an old log is removed. */
const LOG_BYTES = 1_000_000;
const TAIL_LINES = 10;

/** Data that a server opens in its folder: of Redis 7, of Redis 6.2, and a snapshot. */
const DATA = ['appendonlydir', 'appendonly.aof', 'dump.rdb'];

/** The log of one run of a private server, and the first byte of this run. */
type ServerLog = Awaited<ReturnType<typeof openLog>>;

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
export async function startServer(options: ServerOptions): Promise<{ stop(): Promise<void> }> {
  const { dataDir: cwd, socketPath, timings, env } = options;
  await refuseLinks(DATA.map((name) => join(cwd, name)));
  const log = await openLog(join(cwd, 'redis.log'));
  const shell = ['-c', watchdog(timings), 'onboard-redis', ...settings(socketPath)];
  const stdio: StdioOptions = ['pipe', log.handle.fd, log.handle.fd];
  const child = spawn('/bin/sh', shell, { cwd, detached: true, stdio, env });
  const ended = endOf(child);
  await log.handle.close();
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopServer(child, ended, timings);
    // A kill may have ended the watchdog's shell before its server.
    await stopLeftBehind(socketPath, timings);
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
  const [status] = await once(child, 'exit').catch(() => []);
  return typeof status === 'number' ? status : undefined;
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

/**
 * Opens the log for a new run. Opening it here instead of in the server includes the lines before
 * the server has read its settings.
 */
async function openLog(path: string) {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const old = await factsOf(path);
  if (old?.isFile() && old.size > LOG_BYTES) await rm(path);
  const handle = await openOwn(path, O_APPEND | O_CREAT | O_WRONLY);
  return { handle, path, startByte: (await handle.stat()).size };
}

async function contentOf(path: string): Promise<Buffer> {
  const handle = await openOwn(path, constants.O_RDONLY);
  return handle.readFile().finally(() => handle.close());
}

/** The error with the last lines of this run; without any if the log is unreadable. */
async function exitError(status: number | undefined, log: ServerLog): Promise<OnboardError> {
  if (status === 127) return missingServer();
  const text = await contentOf(log.path).catch(() => Buffer.alloc(0));
  const run = text.subarray(log.startByte).toString('utf8').split('\n');
  const lines = run.filter((line) => line.trim() !== '').slice(-TAIL_LINES);
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
  const killSession = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The session ended meanwhile.
    }
  };
  const late = setTimeout(killSession, serverStopMs);
  await ended;
  clearTimeout(late);
}

/**
 * The shell script that runs a private Redis server and stops it when its owner is gone.
 *
 * The owner holds the other end of standard input; the kernel closes it when the owner ends, also
 * after SIGKILL. The shell then sends SIGTERM, with which the server writes its data and ends, and
 * SIGKILL `watchdogMs` later. The shell leads a session of its own, so that Ctrl-C on the terminal
 * reaches only the owner, which needs Redis for its drain. The watcher is a second process: when
 * one is killed, the other still ends the server or follows it.
 *
 * Arguments and exit status are those of the server; status 127 means that PATH has none. Files are
 * private to the user (umask), and the server gets only PATH from the environment, without the key.
 */
function watchdog({ watchdogMs }: Timings): string {
  const limit = Math.ceil(watchdogMs / 1000);
  return `
umask 077
server=$(command -v redis-server || command -v valkey-server) || exit 127
exec 3<&0 </dev/null
env -i PATH="$PATH" "$server" "$@" 3<&- &
pid=$!
{
  read -r _ <&3
  kill -TERM "$pid"
  tries=0
  while [ "$tries" -lt ${limit} ] && kill -0 "$pid"; do sleep 1; tries=$((tries + 1)); done
  kill -KILL "$pid"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$pid"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;
}
