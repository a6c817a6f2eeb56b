import type { Redis, RedisOptions } from 'ioredis';
import { codeOf, messageOf, OnboardError } from '../../errors.ts';
import type { Logger } from '../../process/logger.ts';
import { requirePackage } from '../../require-package.ts';
import type { Timings } from '../../timings.ts';
import { type Complaints, createComplaints } from '../complaints.ts';
import { answerOf, refusalOf } from '../trouble.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { gatherWrites } from './gather-writes.ts';
import { ownSocket } from './own-socket-connector.ts';
import { type RedisPlace, type RedisTarget, readTarget } from './target.ts';

/** A producer fails fast; a consumer waits until Redis is back. */
export type RedisRole = 'producer' | 'consumer';

export type ConnectOptions = RedisPlace & {
  role: RedisRole;
  logger: Logger;
  timings: Timings;
  /** Those of the command; a connection that is alone has its own. */
  complaints?: Complaints | undefined;
};

/**
 * Settings of both roles (B-OUTAGE-01, B-OUTAGE-02); their waits are in timings.ts.
 * - Producer: commands fail at once without a connection (no offline queue), are sent once again
 *   after a lost connection (maxRetriesPerRequest 1), and fail when Redis accepts but does not
 *   answer (commandTimeout).
 * - Consumer: maxRetriesPerRequest null, as BullMQ requires. Commands wait for the connection and
 *   are sent again on the next one, so they have no commandTimeout.
 * - socketTimeout: a connection without an answer for this time is closed and opened again. A
 *   firewall that forgets a connection drops its packets silently, and the kernel would retry for
 *   a quarter of an hour.
 * - reconnectOnError: a master that a failover demoted answers READONLY; the address, or Sentinel,
 *   leads to the new master. The consumer's command is sent again there (2), the producer's fails
 *   (1). Each further one waits longer, as after a lost connection: a replica was asked five times
 *   a second.
 */
function roleOptions({ role, timings }: ConnectOptions): RedisOptions {
  const isConsumer = role === 'consumer';
  const { producerSilentMs, redisReconnectMs, redisReconnectMaxMs } = timings;
  const demotions = countDemotions(timings);
  return {
    lazyConnect: true,
    connectTimeout: timings.redisConnectMs,
    sentinelCommandTimeout: timings.sentinelSilentMs,
    retryStrategy: (times) =>
      Math.min(Math.max(times, demotions.recent()) * redisReconnectMs, redisReconnectMaxMs),
    reconnectOnError: (error) => demotions.note(error) && (isConsumer ? 2 : 1),
    maxRetriesPerRequest: isConsumer ? null : 1,
    socketTimeout: isConsumer ? timings.consumerSilentMs : producerSilentMs,
    enableOfflineQueue: isConsumer,
    ...(!isConsumer && { commandTimeout: producerSilentMs }),
  };
}

/**
 * A replica answers READONLY again right after the next connection, so its answers are counted: those
 * to commands that were under way together once.
 */
function countDemotions({ redisReconnectMs, redisReconnectMaxMs }: Timings) {
  let [count, at] = [0, 0];
  const isOver = () => performance.now() - at > 2 * redisReconnectMaxMs;
  return {
    note: (error: Error): boolean => {
      if (refusalOf(error) !== 'READONLY') return false;
      if (performance.now() - at < redisReconnectMs / 2) return true;
      count = isOver() ? 1 : count + 1;
      at = performance.now();
      return true;
    },
    recent: () => (isOver() ? 0 : count),
  };
}

/**
 * Connects and waits until Redis is ready. A later loss is logged once per outage, and the client
 * reconnects. The caller ends the connection with `disconnect()` or `quit()`.
 * @throws {OnboardError} E_REDIS_UNREACHABLE after about 5 s, or at once when Redis refuses the
 *   login; E_CONFIG for an invalid address; E_DATA_DIR for a socket of somebody else.
 */
export async function connectRedis(options: ConnectOptions): Promise<Redis> {
  const target = readTarget(options);
  const { timings } = options;
  const client: typeof import('ioredis') = requirePackage('ioredis');
  const checked = 'socketPath' in options && ownSocket(client, options.socketPath);
  const settings = { ...target.options, ...roleOptions(options), ...checked };
  const Client = options.role === 'consumer' ? gatherWrites(client.Redis) : client.Redis;
  const redis = new Client({ ...settings, replyMapping: 'legacy' });
  logOutages(redis, target, options);
  try {
    await firstReady(redis, timings);
    return redis;
  } catch (error) {
    redis.disconnect();
    if (error instanceof OnboardError) throw error;
    throw unreachable(target.label, error, await diagnose(target, error, timings.diagnoseMs));
  }
}

/**
 * Logs losses, and what a Redis answers that refuses each new connection. Without a listener for
 * `error`, ioredis would end the process.
 */
function logOutages(
  redis: Redis,
  target: RedisTarget,
  { logger, timings, ...options }: ConnectOptions,
) {
  const { label } = target;
  const { complaintRepeatMs: repeatMs } = timings;
  const examine = examination(target, { logger, timings });
  const complaints = options.complaints ?? createComplaints({ logger, repeatMs, now: Date.now });
  let isOut = true;
  let wasReady = false;
  redis.on('error', (error: Error) => {
    const isRefused = wasReady && refusalOf(error) !== undefined;
    if (isOut && !isRefused) {
      logger.debug({ redis: label, reason: error.message }, 'redis connection failed');
    } else complaints.about(error, 'redis connection lost', { redis: label });
    if (wasReady) examine(error);
    isOut = true;
  });
  redis.on('ready', () => {
    isOut = false;
    wasReady = true;
    // Each command that a demoted master refuses adds a listener until the connection is closed, so
    // that Node would warn of a leak after ten.
    redis.stream.setMaxListeners(0);
    logger.debug({ redis: label }, 'redis connection ready');
  });
}

/**
 * Logs why a Redis closes each new connection, where the error does not say it: one without a
 * connection left closes them before it can be read. At most once in `complaintRepeatMs`.
 */
function examination(
  target: RedisTarget,
  { logger, timings }: Pick<ConnectOptions, 'logger' | 'timings'>,
) {
  let examinedAt = Number.NEGATIVE_INFINITY;
  return (error: Error): void => {
    const isClosed = /^(?:EPIPE|ECONNRESET)$/.test(codeOf(error) ?? '');
    if (!isClosed || performance.now() - examinedAt < timings.complaintRepeatMs) return;
    examinedAt = performance.now();
    diagnose(target, error, timings.diagnoseMs).then(
      (found) => {
        if (found !== undefined)
          logger.warn({ redis: target.label, ...found }, 'redis cannot be used');
      },
      () => undefined,
    );
  };
}

/** Resolves at `ready`; rejects with the last error after the time, or when retrying is useless. */
function firstReady(redis: Redis, { redisFirstConnectMs }: Timings): Promise<void> {
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
      // Redis refuses permanently: a wrong password, or a missing database (ioredis would ignore
      // that and use database 0).
      const isFinal =
        error instanceof OnboardError ||
        (error.name === 'ReplyError' && !error.message.startsWith('LOADING'));
      if (isFinal) settle(() => reject(error));
    };
    const timer = setTimeout(() => settle(() => reject(lastError)), redisFirstConnectMs);
    redis.on('ready', ready);
    redis.on('error', note);
    redis.connect().catch(() => undefined);
  });
}

function unreachable(label: string, cause: unknown, found: Diagnosis | undefined): OnboardError {
  const reason = cause instanceof Error ? answerOf(cause) : messageOf(cause);
  const { what, remedy } = found ?? {
    what: `cannot be used (${reason})`,
    remedy: 'start it, or correct REDIS_URL',
  };
  const text = `Redis at ${label} ${what}: ${remedy}`;
  return new OnboardError('E_REDIS_UNREACHABLE', text, { cause, details: { redis: label } });
}
