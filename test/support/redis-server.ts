import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { onRelease } from './resources.ts';
import { waitFor } from './wait-for.ts';

export interface TestRedis {
  url: string;
  pid: number;
  /** With `keep`, its data directory stays. */
  stop(options?: { keep: boolean }): Promise<void>;
  /** SIGKILL, as a crash would; the data directory stays for `restart`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Current length of the append-only file in bytes, with all acknowledged writes. */
  appended(): number;
  /**
   * Restarts without the data appended after `bytes`, as after a power loss. The cut may be in the
   * middle of a command or a transaction; Redis drops incomplete ones.
   */
  restartFrom(bytes: number): Promise<void>;
}

/** Starts a redis-server on a free loopback port, with AOF as in production. */
export async function startRedis(
  extra: string[] = [],
  limits: { fileBytes?: number } = {},
): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-redis-'));
  const port = await freePort();
  const launch = () => launchServer(dir, port, { extra, ...limits });
  let child = launch();
  await ready(port, child);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const restart = async (): Promise<void> => {
    await end('SIGKILL');
    child = launch();
    await ready(port, child);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    restart,
    appended: () => statSync(appendFile(dir)).size,
    restartFrom: async (bytes) => {
      await end('SIGKILL');
      truncateSync(appendFile(dir), bytes);
      await restart();
    },
    stop: async ({ keep } = { keep: false }) => {
      await end('SIGTERM');
      if (keep) process.stderr.write(`kept for inspection: ${again(dir, port)}\n`);
      else await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The command line that opens the stored data. */
function again(dir: string, port: number): string {
  return `redis-server --port ${port} --dir ${dir} --appendonly yes`;
}

/** A server for one test alone, stopped after it; the data of a failed test stays. */
export async function ownRedis(...settings: Parameters<typeof startRedis>): Promise<TestRedis> {
  const redis = await startRedis(...settings);
  onRelease(({ failed }) => redis.stop({ keep: failed }));
  return redis;
}

/** The increments since the last rewrite, of which a test's Redis has none (Redis 7). */
function appendFile(dir: string): string {
  const folder = join(dir, 'appendonlydir');
  const [name, ...others] = readdirSync(folder).filter((each) => each.endsWith('.incr.aof'));
  if (name === undefined || others.length > 0) throw new Error(`no single increment in ${folder}`);
  return join(folder, name);
}

function launchServer(
  dir: string,
  port: number,
  { extra, fileBytes }: { extra: string[]; fileBytes?: number },
): ChildProcess {
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec'];
  const tuned = ['--maxmemory-policy', 'noeviction', '--hash-max-listpack-value', '1024'];
  const args = [...fixed, ...durable, ...tuned, ...extra];
  if (fileBytes === undefined) return spawn('redis-server', args, { stdio: 'ignore' });
  // Blocks of 512 bytes; a write beyond them then fails (EFBIG) instead of ending the process.
  const limited = `trap '' XFSZ; ulimit -f ${Math.floor(fileBytes / 512)}; exec redis-server "$@"`;
  return spawn('/bin/sh', ['-c', limited, 'redis-server', ...args], { stdio: 'ignore' });
}

async function ready(port: number, child: ChildProcess): Promise<void> {
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('redis-server does not start: run ./scripts/setup.sh', { cause: error });
  });
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  await Promise.race([waitFor(async () => (await redis.ping()) === 'PONG'), failed]);
  redis.disconnect();
}
