import { randomUUID } from 'node:crypto';
import { openLedger } from '../../ledger/ledger.ts';
import { createNotifier, type Notifier } from '../../notify/notifier.ts';
import type { Portal } from '../../portal/client.ts';
import { openQueues } from '../../queue/queues.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { startKeeper } from '../../worker/keeper.ts';
import { createPressure } from '../../worker/pressure.ts';
import { rememberOwner } from '../../worker/provenance.ts';
import { type RunningWorkers, startWorkers } from '../../worker/start-workers.ts';
import { actorOf, type Context } from '../context.ts';
import { queueSettings, type Store } from './store.ts';

interface WorkerOptions {
  portal: Portal;
  /** Whether starting is a person's act, which lifts any hold. */
  liftsHold?: boolean;
}

/**
 * Starts the consumers in this process, on a connection of their own, and its keeper. They are
 * closed with the command; a command that reports after the drain closes them before.
 */
export async function openWorkers(
  context: Context,
  store: Store,
  { portal, liftsHold }: WorkerOptions,
): Promise<RunningWorkers> {
  const { config, closers } = context;
  const redis = await store.connect('consumer');
  const queues = openQueues({ redis, ...queueSettings(context) });
  closers.add('worker queues', () => queues.close());
  const ledger = openLedger(redis, config.prefix);
  const deps = depsOf(context, { ledger, queues, portal, notifier: openNotifier(context) });
  const workers = await startWorkers(deps, {
    redis,
    requestsPerMinute: config.requestsPerMinute,
    concurrency: config.concurrency,
    backoffMs: config.backoffMs,
    backoffMaxMs: config.backoffMaxMs,
    random: Math.random,
    liftsHold,
  });
  closers.add('workers', () => workers.close());
  const stopKeeper = startKeeper(deps, {
    workers,
    retention: {
      batchesMs: config.retentionMs,
      peopleMs: config.retentionPeopleMs,
      logMs: config.retentionLogMs,
    },
    by: actorOf(context),
    now: Date.now,
    token: randomUUID(),
  });
  closers.add('keeper', stopKeeper);
  return workers;
}

type Opened = Pick<WorkerDeps, 'ledger' | 'queues' | 'portal' | 'notifier'>;

function depsOf({ io, config, logger }: Context, opened: Opened): WorkerDeps {
  const { ledger, queues, portal } = opened;
  const { timings } = io;
  const { backoffMs, backoffMaxMs } = config;
  const pressure = createPressure({
    ledger,
    queues,
    logger,
    backoff: { backoffMs, backoffMaxMs, random: Math.random },
    probeMs: config.requestTimeoutMs + timings.probeMarginMs,
    now: Date.now,
    timings,
  });
  return {
    ...opened,
    portalOrigin: config.portalUrl.origin,
    owner: rememberOwner(portal),
    pressure,
    logger,
    attempts: config.attempts,
    lookUpDelayMs: config.lookUpDelayMs,
    now: Date.now,
    timings,
  };
}

function openNotifier({ io, config, closers }: Context): Notifier {
  const notifier = createNotifier({
    secret: config.notifySecret,
    now: Date.now,
    timings: io.timings,
  });
  closers.add('notifier', () => notifier.close());
  return notifier;
}
