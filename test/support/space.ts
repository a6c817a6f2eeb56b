import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type End, onRelease } from './resources.ts';

/** Prefixes of failed tests, shown at the end of the run: their data stays. */
export const KEPT = 'kept-for-a-look';

/** A Redis and a unique key prefix in it. */
export interface RedisSpace {
  redis: Redis;
  url: string;
  prefix: string;
}

export function newPrefix(): string {
  return `{t${randomBytes(6).toString('hex')}}`;
}

/** A client that waits for its Redis silently. */
export function redisAt(address: string): Redis {
  const redis = new Redis(address, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  return redis;
}

/** A silent client, disconnected after the test. */
export function clientOf(address: string): Redis {
  const redis = redisAt(address);
  onRelease(() => redis.disconnect());
  return redis;
}

/**
 * A connection to the shared test Redis and a unique prefix. Its keys are deleted after the test;
 * after a failure they stay, and the prefix is printed.
 */
export function redisSpace(): RedisSpace {
  const url = inject('redisUrl');
  const space = { redis: redisAt(url), url, prefix: newPrefix() };
  onRelease((end) => leave(space, end));
  return space;
}

/** Deletes the keys of a space, unless its test failed, and disconnects. */
export async function leave({ redis, url, prefix }: RedisSpace, { failed }: End): Promise<void> {
  if (failed) {
    await redis.sadd(KEPT, prefix);
    process.stderr.write(`kept for inspection: keys ${prefix}* of ${url}\n`);
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
