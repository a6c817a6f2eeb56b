import type { Redis } from 'ioredis';

/** Facts of a server; unknown and forbidden ones are undefined. */
export type ServerFacts = Partial<Awaited<ReturnType<typeof readServerFacts>>>;

/** Reads the facts of a server with a few commands at once. */
export async function readServerFacts(redis: Redis) {
  const [info, policy, appendFsync, listpackValue, clock] = await Promise.all([
    readInfo(redis),
    readSetting(redis, 'maxmemory-policy'),
    readSetting(redis, 'appendfsync'),
    readSetting(redis, 'hash-max-listpack-value'),
    readClock(redis),
  ]);
  const aof = info.get('aof_enabled');
  const written = info.get(aof === '1' ? 'aof_last_write_status' : 'rdb_last_bgsave_status');
  return {
    isValkey: info.has('valkey_version'),
    /** Whether the last write of the append-only file, or the last snapshot without one, failed. */
    failsToWrite: written === 'err',
    isReplica: info.get('role') === 'slave',
    isCluster: info.get('cluster_enabled') === '1',
    version: info.get('redis_version'),
    /** maxmemory-policy; managed servers may forbid CONFIG, but INFO has the policy too. */
    policy: policy ?? info.get('maxmemory_policy'),
    /** 0 is no limit. */
    maxMemoryBytes: numberIn(info.get('maxmemory')),
    usedMemoryBytes: numberIn(info.get('used_memory')),
    /** Memory of the server's machine. */
    systemMemoryBytes: numberIn(info.get('total_system_memory')),
    appendOnly: aof === undefined ? undefined : aof === '1',
    /** `always`, `everysec` or `no`. */
    appendFsync,
    /** Longest value in bytes of a compact hash. */
    listpackValue: numberIn(listpackValue),
    /** The server's clock, ms since the epoch. */
    clock,
  };
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** INFO as names and values; empty when forbidden. */
async function readInfo(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const reply = await unlessRefused(redis.info());
  const lines = (reply ?? '').matchAll(/^([^:\r\n]*):(.*)$/gm);
  return new Map(Array.from(lines, ([, name = '', value = '']) => [name, value]));
}

async function readSetting(redis: Redis, name: string): Promise<string | undefined> {
  const reply = await unlessRefused(redis.config('GET', name));
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
}

async function readClock(redis: Redis): Promise<number | undefined> {
  const reply = await unlessRefused(redis.time());
  if (reply === undefined) return undefined;
  const [seconds, microseconds] = reply.map(Number);
  return (seconds ?? 0) * 1000 + Math.floor((microseconds ?? 0) / 1000);
}

/** Undefined when the server refuses the command (NOPERM, unknown command). */
function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  return reply.catch((error) => {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  });
}
