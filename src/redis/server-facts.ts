import type { Redis } from 'ioredis';

/** What a server tells about itself; whatever it does not tell, or may not be asked, is absent. */
export interface ServerFacts {
  version?: string;
  isValkey: boolean;
  /** maxmemory-policy */
  policy?: string;
  /** 0 is no limit. */
  maxMemoryBytes?: number;
  usedMemoryBytes?: number;
  /** Memory of the server's machine. */
  systemMemoryBytes?: number;
  /** Whether there is an append-only file. */
  appendOnly?: boolean;
  /** appendfsync: `always`, `everysec` or `no`. */
  appendFsync?: string;
  /** Whether the last write of the append-only file, or the last snapshot without one, failed. */
  failsToWrite: boolean;
  isReplica: boolean;
  /** hash-max-listpack-value, bytes: up to it, hashes are stored tightly. */
  listpackValue?: number;
  /** The server's clock, ms since the epoch. */
  clock?: number;
}

/** Asks a server for its facts, in a few commands that are under way together. */
export async function readServerFacts(redis: Redis): Promise<ServerFacts> {
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
    failsToWrite: written === 'err',
    isReplica: info.get('role') === 'slave',
    ...text('version', info.get('redis_version')),
    // Managed servers may forbid CONFIG; INFO tells the policy too.
    ...text('policy', policy ?? info.get('maxmemory_policy')),
    ...number('maxMemoryBytes', info.get('maxmemory')),
    ...number('usedMemoryBytes', info.get('used_memory')),
    ...number('systemMemoryBytes', info.get('total_system_memory')),
    ...(aof === undefined ? {} : { appendOnly: aof === '1' }),
    ...text('appendFsync', appendFsync),
    ...number('listpackValue', listpackValue),
    ...(clock === undefined ? {} : { clock }),
  };
}

function text<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>>;
function text(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

function number<K extends string>(name: K, value: string | undefined): Partial<Record<K, number>>;
function number(name: string, value: string | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: Number(value) };
}

/** INFO as names and values; empty when the server forbids it. */
async function readInfo(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const reply = await unlessRefused(redis.info());
  const lines = (reply ?? '').split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), afterColon(line)]));
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(':') + 1);
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

/** Undefined when the server answered and said no (NOPERM, unknown command). */
async function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  }
}
