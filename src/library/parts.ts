import type { RolePortal } from '../actions/set-roles.ts';
import { OnboardError } from '../errors.ts';
import { openLedger } from '../ledger/ledger.ts';
import { createPortal } from '../portal/client.ts';
import { createLogger, type Logger } from '../process/logger.ts';
import { Closers } from '../process/shutdown.ts';
import { openQueues } from '../queue/queues.ts';
import { createComplaints } from '../redis/complaints.ts';
import { checkServer } from '../redis/connection/check-server.ts';
import { connectRedis } from '../redis/connection/connect.ts';
import type { Timings } from '../timings.ts';
import { type OnboardOptions, settingsOf } from './settings.ts';

export type Parts = Awaited<ReturnType<typeof openParts>>;

/**
 * Opens the producer's side, without a key: only public facts of the portal are read.
 * @throws {OnboardError} E_CONFIG, E_REDIS_…
 */
export async function openParts(options: OnboardOptions, timings: Timings) {
  const config = settingsOf(options);
  const logger = createLogger({
    level: config.logLevel ?? 'silent',
    secrets: config.secrets(),
  });
  const { complaintRepeatMs: repeatMs } = timings;
  const complaints = createComplaints({ logger, repeatMs, now: Date.now });
  const closers = new Closers(timings);
  const close = () => closers.closeAll({ deadlineMs: timings.libraryCloseMs, logger });
  const connect = async () => {
    const { redisUrl: url } = config;
    const redis = await connectRedis({ url, role: 'producer', logger, complaints, timings });
    closers.add('redis connection', () => redis.disconnect());
    return redis;
  };
  try {
    const redis = await connect();
    closers.dependOn(() => redis.ping());
    await checkServer(redis);
    const { prefix, attempts, retentionJobsMs: failedJobsMs } = config;
    // A separate connection, because small reads would wait behind the commands of a slice.
    const settings = { prefix, logger, failedJobsMs, complaints };
    const queues = openQueues({ redis: await connect(), ...settings });
    closers.add('queues', () => queues.close());
    const portal = openPortal(config, logger, timings);
    closers.add('portal', () => portal.close());
    const ledger = openLedger(redis, prefix);
    const { origin } = config.portalUrl;
    const hasKey = config.apiKey() !== '';
    return { ledger, queues, portal, origin, hasKey, attempts, logger, timings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openPortal(config: ReturnType<typeof settingsOf>, logger: Logger, timings: Timings) {
  return createPortal({
    baseUrl: config.portalUrl,
    apiKey: config.apiKey,
    proxies: config.proxies(),
    requestTimeoutMs: config.requestTimeoutMs,
    connections: 1,
    logger,
    timings,
    random: Math.random,
    now: Date.now,
  });
}

/** @throws {OnboardError} E_CONFIG without a key */
export function rolePortal({ portal, origin, hasKey, timings }: Parts): RolePortal {
  if (!hasKey) throw new OnboardError('E_CONFIG', 'apiKey is missing: setRoles sends it');
  const { signal } = new AbortController();
  return { portal, origin, signal, pauseMs: timings.rolePauseMs };
}
