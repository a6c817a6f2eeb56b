import { randomUUID } from 'node:crypto';
import { openLedger } from '../../ledger/ledger.ts';
import { createNotifier } from '../../notify/notifier.ts';
import type { Portal } from '../../portal/client.ts';
import { openQueues } from '../../queue/queues.ts';
import { workerName } from '../../queue/worker-name.ts';
import { rememberOwner } from '../../worker/create/provenance.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { startKeeper } from '../../worker/keeper.ts';
import { inTurn } from '../../worker/limits/in-turn.ts';
import { RequestLimits } from '../../worker/limits/request-limits.ts';
import { createPressure } from '../../worker/pressure/pressure.ts';
import { type RunningWorkers, startWorkers } from '../../worker/start-workers.ts';
import { actorOf, type Context } from '../context.ts';
import { packageVersion } from '../version.ts';
import { queueSettings, type Store } from './store.ts';

/**
 * Starts the consumers in this process, on a connection of their own, and its keeper. They are
 * closed with the command; a command that reports after the drain closes them before.
 */
export async function openWorkers(
  context: Context,
  store: Store,
  { portal }: { portal: Portal },
): Promise<RunningWorkers> {
  const { config, closers } = context;
  const redis = await store.connect('consumer');
  const queues = openQueues({ redis, ...queueSettings(context) });
  closers.add('worker queues', () => queues.close());
  const ledger = openLedger(redis, config.prefix);
  const deps = depsOf(context, { ledger, queues, portal });
  closers.add('notifier', () => deps.notifier.close());
  const { requestsPerMinute, concurrency } = config;
  const by = actorOf(context);
  const name = workerName({ host: by.host, version: packageVersion(), pid: by.pid });
  const settings = { redis, requestsPerMinute, concurrency, name };
  const workers = await startWorkers(deps, { ...settings, ...backoffOf(context) });
  closers.add('workers', () => workers.close());
  const stopKeeper = startKeeper(deps, {
    retention: {
      batchesMs: config.retentionMs,
      peopleMs: config.retentionPeopleMs,
      logMs: config.retentionLogMs,
    },
    by,
    now: Date.now,
    token: randomUUID(),
  });
  closers.add('keeper', stopKeeper);
  return workers;
}

function backoffOf({ config: { backoffMs, backoffMaxMs } }: Context) {
  return { backoffMs, backoffMaxMs, random: Math.random };
}

type Opened = Pick<WorkerDeps, 'ledger' | 'queues'> & { portal: Portal };

function depsOf(context: Context, { ledger, queues, portal: open }: Opened): WorkerDeps {
  const { config, logger, complaints, io } = context;
  const { now } = Date;
  const { timings } = io;
  const backoff = backoffOf(context);
  const limits = new RequestLimits(timings);
  const portal = inTurn(open, limits);
  const shared = { logger, limits, now, timings };
  const probeMs = config.requestTimeoutMs + timings.probeMarginMs;
  return {
    ledger,
    queues,
    portal,
    notifier: createNotifier({
      secret: config.notifySecret,
      proxies: config.proxies(),
      now,
      timings,
    }),
    portalOrigin: config.portalUrl.origin,
    owner: rememberOwner(portal),
    pressure: createPressure({ ...shared, ledger, queues, backoff, probeMs }),
    limits,
    logger,
    complaints,
    attempts: config.attempts,
    lookUpDelayMs: config.lookUpDelayMs,
    now,
    timings,
  };
}
