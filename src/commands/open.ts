import { randomUUID } from 'node:crypto';
import type { Retention } from '../batch/retain.ts';
import type { Producer } from '../batch/submit.ts';
import type { Config } from '../config.ts';
import { openLedger } from '../ledger/ledger.ts';
import { createNotifier } from '../notify/notifier.ts';
import { createPortal, type Portal } from '../portal/client.ts';
import { openQueues, type Queues } from '../queue/queues.ts';
import { startKeeper } from '../worker/keeper.ts';
import { createPressure } from '../worker/pressure.ts';
import { rememberOwner } from '../worker/provenance.ts';
import { type RunningWorkers, startWorkers } from '../worker/worker.ts';
import { actorOf, type Context } from './context.ts';
import { type LedgerStore, openLedgerStore } from './open-ledger.ts';

/** Redis, ledger and queues as a command has them open. */
export interface Store extends LedgerStore {
  queues: Queues;
}

/**
 * Opens Redis with the queues: that of REDIS_URL, or the private one of the data directory, which an
 * `owner` has for itself while a `guest` shares it with a command that is running.
 * @throws {OnboardError} E_REDIS_…, E_DATA_DIR…
 */
export async function openStore(context: Context, role: 'owner' | 'guest'): Promise<Store> {
  return withQueues(context, await openLedgerStore(context, role));
}

/** Opens the queues beside a ledger that is open. */
export async function withQueues(context: Context, store: LedgerStore): Promise<Store> {
  // A connection of their own: on the ledger's, every small question would wait behind the thousand
  // commands of a slice (100,000 rows took 14 s instead of 10).
  const redis = await store.connect('producer');
  const queues = openQueues({ redis, ...queueSettings(context) });
  context.closers.add('queues', () => queues.close());
  return { ...store, queues };
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
  const { timings } = context.io;
  const redis = await store.connect('consumer');
  const ledger = openLedger(redis, config.prefix);
  const queues = openQueues({ redis, ...queueSettings(context) });
  closers.add('worker queues', () => queues.close());
  const { random } = Math;
  const { now } = Date;
  const portal = openPortal(context);
  const backoff = { backoffMs: config.backoffMs, backoffMaxMs: config.backoffMaxMs, random };
  const probeMs = config.requestTimeoutMs + timings.probeMarginMs;
  const pressure = createPressure({ ledger, queues, logger, backoff, probeMs, now, timings });
  const portalOrigin = config.portalUrl.origin;
  const owner = rememberOwner(portal);
  const { attempts, lookUpDelayMs, requestsPerMinute, concurrency } = config;
  const told = { portalOrigin, attempts, lookUpDelayMs, now, timings };
  const notifier = createNotifier({ secret: config.notifySecret, now, timings });
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

/** The portal's client; closed with the command. */
export function openPortal(context: Context): Portal {
  const { io, config, logger, closers } = context;
  const portal = createPortal({
    baseUrl: config.portalUrl,
    apiKey: config.apiKey,
    requestTimeoutMs: config.requestTimeoutMs,
    connections: config.concurrency + 1,
    logger,
    timings: io.timings,
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
    timings: context.io.timings,
  };
}
