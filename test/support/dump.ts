import type { Redis } from 'ioredis';
import type { RedisSpace } from './space.ts';

/** Everything that Redis holds in the test's space under keys like `pattern`, as text. */
export async function dump({ redis, prefix }: RedisSpace, pattern: RegExp): Promise<string> {
  const names = new Set<string>();
  for await (const keys of redis.scanStream({ match: `${prefix}*` })) {
    for (const name of keys.filter((each: string) => pattern.test(each))) names.add(name);
  }
  const found: string[] = [];
  for (const name of [...names].sort()) {
    found.push(name, JSON.stringify(await contentOf(redis, name)));
  }
  return found.join('\n');
}

async function contentOf(redis: Redis, name: string): Promise<unknown> {
  switch (await redis.type(name)) {
    case 'hash':
      return redis.hgetall(name);
    case 'list':
      return redis.lrange(name, 0, -1);
    case 'set':
      return redis.smembers(name);
    case 'zset':
      return redis.zrange(name, '0', '-1');
    case 'stream':
      return redis.xrange(name, '-', '+');
    default:
      return redis.get(name);
  }
}
