import type { Redis } from 'ioredis';
import { CREATE_USER } from './names.ts';
import { startsAllowed } from './pace.ts';

/** What one look at the queue of creations tells. */
export interface Glance {
  /** Starts a second that the queue's limit allows; Infinity without a limit. */
  allowedPerSecond: number;
  /** Jobs of all batches that are still to be worked. */
  backlog: number;
  /** Workers that are connected. */
  workers: number;
}

/**
 * Reads what BullMQ's getJobCounts, getGlobalRateLimit and getWorkersCount would tell, from the same
 * keys: loading BullMQ takes 100 ms, which is half of the time that `status` may take.
 */
export async function glanceAt(redis: Redis, prefix: string): Promise<Glance> {
  const base = `${prefix}:${CREATE_USER}:`;
  const [limit, workers, ...counts] = await Promise.all([
    redis.hmget(`${base}meta`, 'max', 'duration'),
    workersOf(redis, prefix),
    redis.llen(`${base}wait`),
    redis.llen(`${base}active`),
    redis.zcard(`${base}delayed`),
  ]);
  const [max, duration] = limit.map(Number);
  const isLimited = limit[0] !== null && max !== undefined && duration !== undefined;
  return {
    allowedPerSecond: startsAllowed(isLimited ? { max, duration } : null),
    backlog: counts.reduce((sum, count) => sum + count, 0),
    workers,
  };
}

/** BullMQ's workers name their connections; some hosts of Redis do not list these. */
async function workersOf(redis: Redis, prefix: string): Promise<number> {
  const name = `${prefix}:${Buffer.from(CREATE_USER).toString('base64')}`;
  const clients = String(await redis.client('LIST').catch(() => ''));
  const names = [...clients.matchAll(/ name=(\S+)/g)].map(([, found]) => found);
  return names.filter((found) => found === name || found?.startsWith(`${name}:w:`)).length;
}
