import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Retention } from '../batch/retain.ts';
import type { Producer } from '../batch/submit.ts';
import type { Config } from '../config.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { createNotifier } from '../notify/notifier.ts';
import { createPortal, type Portal } from '../portal/client.ts';
import { openQueues, type Queues } from '../queue/queues.ts';
import { checkServer } from '../redis/check-server.ts';
import { connectRedis, type RedisRole } from '../redis/connect.ts';
import { openPrivateRedis } from '../redis/embedded.ts';
import { startKeeper } from '../worker/keeper.ts';
import { createPressure } from '../worker/pressure.ts';
import { rememberOwner } from '../worker/provenance.ts';
import { type RunningWorkers, startWorkers } from '../worker/worker.ts';
import { actorOf, type Context } from './context.ts';

/** Redis as a command has it open. */
export interface Store {
  redis: Redis;
  ledger: Ledger;
  queues: Queues;
  connect(role: RedisRole): Promise<Redis>;
  /** Whether this process runs the private Redis, so that it ends with the command. */
  hostsRedis: boolean;
}

/**
 * Opens Redis: that of REDIS_URL, or the private one of the data directory, which an `owner` has
 * for itself while a `guest` shares it with a command that is running.
 * @throws {OnboardError} E_REDIS_…, E_DATA_DIR…
 */
export async function openStore(context: Context, role: 'owner' | 'guest'): Promise<Store> {
  const { config, logger, closers } = context;
  const { hostsRedis, ...place } = await openPlace(context, role);
  const connect = async (redisRole: RedisRole): Promise<Redis> => {
    const redis = await connectRedis({ ...place, role: redisRole, logger });
    closers.add('redis connection', () => redis.disconnect());
    return redis;
  };
  const redis = await connect('producer');
  closers.dependOn(() => redis.ping());
  await checkServer(redis);
  // A connection of their own: on the ledger's, every small question would wait behind the thousand
  // commands of a slice (100,000 rows took 14 s instead of 10).
  const queues = openQueues({ redis: await connect('producer'), ...queueSettings(context) });
  closers.add('queues', () => queues.close());
  return { redis, ledger: openLedger(redis, config.prefix), queues, connect, hostsRedis };
}

async function openPlace(context: Context, role: 'owner' | 'guest') {
  const { config, logger, closers } = context;
  if (config.redisUrl !== undefined) return { url: config.redisUrl, hostsRedis: false };
  const { dataDir } = config;
  const server = await openPrivateRedis({ dataDir, role, logger, onExit: context.fail });
  closers.add('private redis', () => server.close());
  return { socketPath: server.socketPath, hostsRedis: server.owner };
}

/**
 * Starts the consumers in this process, on connections of their own. They are closed with the
 * command; a command that reports after the drain closes them before.
 */
export async function openWorkers(
  context: Context,
  store: Store,
  options: { liftsHold?: boolean } = {},
): Promise<RunningWorkers> {
  const { config, logger, closers } = context;
  const redis = await store.connect('consumer');
  const ledger = openLedger(redis, config.prefix);
  const queues = openQueues({ redis, ...queueSettings(context) });
  closers.add('worker queues', () => queues.close());
  const { random } = Math;
  const { now } = Date;
  const portal = openPortal(context);
  const backoff = { backoffMs: config.backoffMs, backoffMaxMs: config.backoffMaxMs, random };
  const probeMs = config.requestTimeoutMs + PROBE_MARGIN_MS;
  const pressure = createPressure({ ledger, queues, logger, backoff, probeMs, now });
  const portalOrigin = config.portalUrl.origin;
  const owner = rememberOwner(portal);
  const { attempts, lookUpDelayMs, requestsPerMinute, concurrency } = config;
  const told = { portalOrigin, attempts, lookUpDelayMs, now };
  const notifier = createNotifier({ secret: config.notifySecret, now });
  closers.add('notifier', () => notifier.close());
  const deps = { ledger, queues, portal, owner, pressure, notifier, logger, ...told };
  const settings = { redis, requestsPerMinute, concurrency, ...backoff, ...options };
  const workers = await startWorkers(deps, settings);
  closers.add('workers', () => workers.close());
  const keeping = { workers, retention: retentionOf(config), by: actorOf(context) };
  closers.add('keeper', startKeeper(deps, { ...keeping, now, token: randomUUID() }));
  return workers;
}

function queueSettings({ config, logger }: Context) {
  return { prefix: config.prefix, failedJobsMs: config.retentionJobsMs, logger };
}

function retentionOf(config: Readonly<Config>): Retention {
  const { retentionMs: batchesMs, retentionPeopleMs: peopleMs, retentionLogMs: logMs } = config;
  return { batchesMs, peopleMs, logMs };
}

/** A probe answers within the request's timeout; a worker that was killed with it does not. */
const PROBE_MARGIN_MS = 5000;

/** The portal's client; closed with the command. */
export function openPortal(context: Context): Portal {
  const { config, logger, closers } = context;
  const portal = createPortal({
    baseUrl: config.portalUrl,
    apiKey: config.apiKey,
    requestTimeoutMs: config.requestTimeoutMs,
    connections: config.concurrency + 1,
    logger,
    random: Math.random,
    now: Date.now,
  });
  closers.add('portal', () => portal.close());
  return portal;
}

/** The producer's side of an open store. */
export function producerOf(context: Context, store: Store): Producer {
  return {
    ledger: store.ledger,
    queues: store.queues,
    logger: context.logger,
    attempts: context.config.attempts,
    token: randomUUID(),
    signal: context.io.interrupt,
  };
}
