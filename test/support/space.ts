import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type End, onRelease } from './resources.ts';

/** Prefixes of failed tests, for the end of the run: their data stays. */
export const KEPT = 'kept-for-a-look';

/** A Redis and a key prefix in it that nobody else uses. */
export interface RedisSpace {
  redis: Redis;
  url: string;
  prefix: string;
}

export function newPrefix(): string {
  return `{t${randomBytes(6).toString('hex')}}`;
}

/** A client that waits for its Redis and says nothing about it. */
export function redisAt(address: string): Redis {
  const redis = new Redis(address, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  return redis;
}

/** The same, disconnected after the test. */
export function clientOf(address: string): Redis {
  const redis = redisAt(address);
  onRelease(() => redis.disconnect());
  return redis;
}

/**
 * A connection to the shared test Redis and a prefix of its own. Its keys go after the test, unless
 * it failed: then they stay, and where is printed.
 */
export function redisSpace(): RedisSpace {
  const url = inject('redisUrl');
  const space = { redis: redisAt(url), url, prefix: newPrefix() };
  onRelease((end) => leave(space, end));
  return space;
}

/** Drops the keys of a space, or keeps them for a look, and disconnects. */
export async function leave({ redis, url, prefix }: RedisSpace, { failed }: End): Promise<void> {
  if (failed) {
    await redis.sadd(KEPT, prefix);
    process.stderr.write(`kept for a look: keys ${prefix}* of ${url}\n`);
  } else await dropKeys(redis, prefix);
  redis.disconnect();
}

async function dropKeys(redis: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
