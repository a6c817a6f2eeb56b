import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { Stage } from '../support/stage.ts';

/** Acts on a terminal, reverses a line, forges one. */
const ACTING = '\u001b[2J\u009b31m\u202eheld (forged)\nE_FORGED: pay here\r\u2028';

const text = fc.oneof(
  fc.constantFrom('', '-1', 'NaN', '1e999', '9'.repeat(400), '0.5', 'null', '[]', '{"a":', '{}'),
  fc.constantFrom(ACTING, '__proto__', 'finished', '$(touch x)', 'x'.repeat(10_000), '\u0000'),
  fc.constantFrom(
    JSON.stringify({ file: ACTING, line: -1, raw: { email: ACTING, firstName: 1 } }),
    JSON.stringify({ file: 'a', line: 1e300, person: { email: ACTING, firstName: ACTING } }),
    JSON.stringify({ code: ACTING, reason: ACTING, at: 1e300, attempts: -1, warnings: [ACTING] }),
    JSON.stringify({ history: [{ state: ACTING, round: 1e300, at: 1e300, reason: ACTING }] }),
    JSON.stringify({ report: { batchId: ACTING }, limiter: ACTING, since: 1e300, at: 'x' }),
    JSON.stringify({ user: ACTING, host: ACTING, pid: 1e300, name: ACTING }),
  ),
  fc.string({ unit: 'grapheme' }),
  fc.json(),
);

/** How one key of the ledger is changed. */
export interface Change {
  /** Picks the key, and a field of it. */
  key: number;
  field: number;
  how: 'value' | 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';
  text: string;
}

export const changes: fc.Arbitrary<Change> = fc.record({
  key: fc.nat(),
  field: fc.nat(),
  how: fc.oneof(
    { weight: 5, arbitrary: fc.constant('value' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('string', 'hash', 'list', 'set', 'zset', 'stream' as const),
    },
  ),
  text,
});

/** A copy of every key under the stage's prefix, to be put back after a case. */
export async function copyStore({ redis, prefix }: Stage) {
  const names: string[] = await redis.keys(`${prefix}*`);
  const dumps = new Map<string, Buffer>();
  for (const name of names.sort()) {
    const dump = await redis.dumpBuffer(name);
    if (dump !== null) dumps.set(name, dump);
  }
  return {
    names: [...dumps.keys()].filter(isOurs),
    /** Puts every key back, or those alone that pass the test. */
    async putBack(isMeant = (_: string) => true): Promise<void> {
      const found = (await redis.keys(`${prefix}*`)).filter(isMeant);
      const pipeline = redis.pipeline();
      if (found.length > 0) pipeline.unlink(...found);
      for (const [name, dump] of dumps) if (isMeant(name)) pipeline.restore(name, 0, dump);
      await pipeline.exec();
    },
  };
}

/** Keys of the ledger; the others are BullMQ's. */
const OURS = /^\{\w+\}:(?:batch|batches|hold|pause|outage|log|untold|keeper|claims)(?::|$)/;

export function isOurs(name: string): boolean {
  return OURS.test(name);
}

/** Makes a change; `value` keeps the type of the key, the others replace it. */
export async function change(
  redis: Redis,
  names: readonly string[],
  { key, field, how, text: value }: Change,
): Promise<void> {
  const name = names[key % names.length] ?? '';
  if (how !== 'value') {
    await redis.unlink(name);
    await add(redis, { name, type: how, field: value, value });
    return;
  }
  const type = await redis.type(name);
  const fields = type === 'hash' ? await redis.hkeys(name) : [];
  const known = fields[field % Math.max(1, fields.length)] ?? value;
  await add(redis, { name, type, field: field % 4 === 0 ? value : known, value });
}

interface Entry {
  name: string;
  type: string;
  field: string;
  value: string;
}

async function add(redis: Redis, { name, type, field, value }: Entry): Promise<void> {
  if (type === 'hash') await redis.hset(name, field, value);
  else if (type === 'list') await redis.lpush(name, value);
  else if (type === 'set') await redis.sadd(name, value);
  else if (type === 'zset') await redis.zadd(name, 9e15, value);
  else if (type === 'stream') {
    await redis.xadd(name, '*', 'action', value, 'by', value, 'details', value, 'code', value);
  } else await redis.set(name, value);
}
