import type { Redis } from 'ioredis';
import { OnboardError } from '../errors.ts';

/** Oldest Redis that BullMQ works on in full (issue 2: Redis 6.2 or Valkey). */
const OLDEST = { major: 6, minor: 2 };
const SAFE_POLICY = 'noeviction';

/**
 * Checks that a server can hold the ledger: Redis 6.2 or Valkey, and no eviction, because a Redis
 * that removes keys when memory runs out would lose rows without a word.
 * @throws {OnboardError} E_REDIS_VERSION or E_REDIS_EVICTION with what was found and the remedy.
 */
export async function checkServer(redis: Redis): Promise<void> {
  const server = await readInfo(redis, 'server');
  checkVersion(server);
  const policy = await readPolicy(redis);
  if (policy !== undefined && policy !== SAFE_POLICY) throw evictionError(policy);
}

function checkVersion(server: ReadonlyMap<string, string>): void {
  const version = server.get('redis_version');
  if (version === undefined || server.has('valkey_version')) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new OnboardError(
    'E_REDIS_VERSION',
    `the Redis server is version ${version}, and 6.2 is the oldest that works: install Redis 6.2 or newer, or Valkey`,
    { details: { version } },
  );
}

/** Managed servers may forbid CONFIG; INFO tells the policy too. Undefined when neither tells. */
async function readPolicy(redis: Redis): Promise<string | undefined> {
  try {
    const reply = await redis.config('GET', 'maxmemory-policy');
    if (Array.isArray(reply) && typeof reply[1] === 'string') return reply[1];
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return (await readInfo(redis, 'memory')).get('maxmemory_policy');
}

/** One section of INFO as names and values; empty when the server forbids it. */
async function readInfo(redis: Redis, section: string): Promise<ReadonlyMap<string, string>> {
  try {
    const lines = (await redis.info(section)).split(/\r?\n/).filter((line) => line.includes(':'));
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), afterColon(line)]));
  } catch (error) {
    if (!isRefused(error)) throw error;
    return new Map();
  }
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(':') + 1);
}

/** The server answered and said no (NOPERM, unknown command), as against a lost connection. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function evictionError(policy: string): OnboardError {
  return new OnboardError(
    'E_REDIS_EVICTION',
    `the Redis server has maxmemory-policy ${policy}, which would remove rows when memory runs out: run "redis-cli CONFIG SET maxmemory-policy noeviction", or set it where the server is managed`,
    { details: { policy } },
  );
}
