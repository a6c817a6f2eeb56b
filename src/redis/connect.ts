import { createRequire } from 'node:module';
import type { CommonRedisOptions, Redis } from 'ioredis';
import { messageOf, OnboardError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { refusalOf } from '../store-trouble.ts';
import { type RedisPlace, readTarget } from './target.ts';

/** A producer fails fast, a consumer waits for Redis to come back. */
export type RedisRole = 'producer' | 'consumer';

export type ConnectOptions = RedisPlace & { role: RedisRole; logger: Logger };

/** A Redis that starts at the same time (compose, systemd) is ready within this. */
const FIRST_CONNECT_MS = 5000;

/**
 * The settings of both roles, all in one place; measured in B-OUTAGE-01, B-OUTAGE-02.
 * - Reconnect after 200, 400, … up to 2,000 ms: workers were back 0.9 s after a 20 s outage, against
 *   18 s with BullMQ's own strategy.
 * - connectTimeout 2 s: a host that swallows packets is not waited for 10 s (ioredis' default).
 * - Producer: commands are refused at once while there is no connection (no offline queue), are sent
 *   again once after a lost one (maxRetriesPerRequest 1), and fail after 5 s when Redis accepts but
 *   does not answer. Such a command may still run later, so every producer step is idempotent.
 * - Consumer: maxRetriesPerRequest null, as BullMQ demands; commands wait for the connection, and
 *   are sent again on the next one, hence no commandTimeout.
 * - socketTimeout: a connection on which commands wait that long without any answer is given up and
 *   opened again. A firewall that forgets a connection drops its packets without a word, and the
 *   kernel would go on trying for a quarter of an hour. The consumer's 12 s are more than the 10 s
 *   for which BullMQ's blocking command may be silent, and less than the 15 s of a job's lock.
 * - reconnectOnError: a master that was demoted by a failover answers READONLY; the address, or
 *   Sentinel, leads to the new one. The consumer's command is sent again there (2), the producer's
 *   fails (1).
 */
function roleOptions(role: RedisRole): CommonRedisOptions {
  const both = {
    lazyConnect: true,
    connectTimeout: 2000,
    retryStrategy: (times: number) => Math.min(times * 200, 2000),
  };
  if (role === 'consumer') {
    const reconnectOnError = (error: Error) => (isDemoted(error) ? 2 : false);
    return { ...both, maxRetriesPerRequest: null, socketTimeout: 12_000, reconnectOnError };
  }
  const failFast = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 5000 };
  return { ...both, ...failFast, socketTimeout: 5000, reconnectOnError: isDemoted };
}

/**
 * Connects and waits until Redis is ready. Later losses are logged, once per outage, and mended by
 * reconnecting. The caller ends the connection with `disconnect()` or `quit()`.
 * @throws {OnboardError} E_REDIS_UNREACHABLE after about 5 s, or at once when Redis refuses the
 *   login; E_CONFIG when the address cannot be read.
 */
export async function connectRedis(options: ConnectOptions): Promise<Redis> {
  const target = readTarget(options);
  const settings = { ...target.options, ...roleOptions(options.role) };
  const client = loadClient();
  const redis = new client.Redis({ ...settings, replyMapping: 'legacy' });
  logOutages(redis, target.label, options.logger);
  try {
    await firstReady(redis);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw unreachable(target.label, error);
  }
}

/** As the CommonJS package that it is: `import` takes 30 ms more, mostly to search it for names. */
function loadClient(): typeof import('ioredis') {
  return createRequire(import.meta.url)('ioredis');
}

function isDemoted(error: Error): boolean {
  return refusalOf(error) === 'READONLY';
}

/** ioredis emits `error` on every failed attempt; without a listener that would end the process. */
function logOutages(redis: Redis, label: string, logger: Logger): void {
  let isOut = true;
  redis.on('error', (error: Error) => {
    const fields = { redis: label, reason: error.message };
    if (isOut) logger.debug(fields, 'redis connection failed');
    else logger.warn(fields, 'redis connection lost');
    isOut = true;
  });
  redis.on('ready', () => {
    isOut = false;
    logger.debug({ redis: label }, 'redis connection ready');
  });
}

/** Resolves at `ready`; rejects with the last error when the time is over or a retry is no use. */
function firstReady(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    let lastError = new Error('no answer');
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      redis.off('ready', ready);
      redis.off('error', note);
      end();
    };
    const ready = (): void => settle(resolve);
    const note = (error: Error): void => {
      lastError = error;
      if (isRefusal(error)) settle(() => reject(error));
    };
    const timer = setTimeout(() => settle(() => reject(lastError)), FIRST_CONNECT_MS);
    redis.on('ready', ready);
    redis.on('error', note);
    redis.connect().catch(() => undefined);
  });
}

/**
 * Redis answered and said no: wrong password, or a database that it does not have (which ioredis
 * would otherwise pass over and go on in database 0). Trying again gives the same answer.
 */
function isRefusal(error: Error): boolean {
  return error.name === 'ReplyError' && !error.message.startsWith('LOADING');
}

function unreachable(label: string, cause: unknown): OnboardError {
  const reason = messageOf(cause);
  const remedy = reason.includes('certificate')
    ? 'name the file of its authority in NODE_EXTRA_CA_CERTS, or correct REDIS_URL'
    : 'start it, or correct REDIS_URL';
  return new OnboardError(
    'E_REDIS_UNREACHABLE',
    `Redis at ${label} cannot be used (${reason}): ${remedy}`,
    { cause, details: { redis: label } },
  );
}
