import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { messageOf } from '../../src/errors.ts';

type Release = () => unknown | Promise<unknown>;
const releases: Release[] = [];

/** Registers something to undo after the test; newest first. */
export function onRelease(release: Release): void {
  releases.push(release);
}

/** Undoes everything registered and returns the failures. */
export async function releaseAll(): Promise<string[]> {
  const failures: string[] = [];
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
    try {
      await release();
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return failures;
}

export interface RedisSpace {
  redis: Redis;
  url: string;
  prefix: string;
}

/** A connection to the shared test Redis and a key prefix that nobody else uses; emptied after. */
export function redisSpace(url: string = inject('redisUrl')): RedisSpace {
  const prefix = `{t${randomBytes(6).toString('hex')}}`;
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  onRelease(async () => {
    await removeKeys(redis, prefix);
    redis.disconnect();
  });
  return { redis, url, prefix };
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
