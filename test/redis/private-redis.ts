import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createLogger } from '../../src/process/logger.ts';
import {
  openPrivateRedis,
  type PrivateRedis,
  type PrivateRedisOptions,
} from '../../src/redis/private/private-redis.ts';
import { timings } from '../../src/timings.ts';
import { onRelease } from '../support/resources.ts';

const logger = createLogger({ level: 'silent' });

/** A path for a data directory that does not exist yet; removed after the test. */
export async function newDir(name = 'data'): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'onboard-private-'));
  onRelease(() => rm(base, { recursive: true }));
  return join(base, name);
}

/** Opens a private Redis that is closed after the test. */
export async function opened(
  dataDir: string,
  options: Partial<PrivateRedisOptions> = {},
): Promise<PrivateRedis> {
  const own = { role: 'owner' as const, logger, timings: { ...timings, dataDirWaitMs: 0 } };
  const redis = await openPrivateRedis({ dataDir, ...own, ...options });
  onRelease(() => redis.close());
  return redis;
}

/** A client that does not reconnect; disconnected after the test. */
export function clientOf(socketPath: string): Redis {
  const redis = new Redis(socketPath, { retryStrategy: () => null });
  redis.on('error', () => undefined);
  onRelease(() => redis.disconnect());
  return redis;
}

export async function serverPid(socketPath: string): Promise<number> {
  const info = await clientOf(socketPath).info('server');
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

/** Field of /proc/PID/stat after the command's name; ppid is 1, process group 2, session 3. */
export function statField(pid: number, index: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[index]);
}

/** Whether a process has ended, reaped or not. */
export function statGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}
