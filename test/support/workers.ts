import { createNotifier, type Notifier } from '../../src/notify/notifier.ts';
import type { Portal } from '../../src/portal/client.ts';
import { connectRedis } from '../../src/redis/connection/connect.ts';
import type { Timings } from '../../src/timings.ts';
import { rememberOwner } from '../../src/worker/create/provenance.ts';
import type { WorkerDeps } from '../../src/worker/deps.ts';
import { inTurn } from '../../src/worker/limits/in-turn.ts';
import { RequestLimits } from '../../src/worker/limits/request-limits.ts';
import { createPressure } from '../../src/worker/pressure/pressure.ts';
import { type RunningWorkers, startWorkers } from '../../src/worker/start-workers.ts';
import { type BatchParts, silent } from './batches.ts';
import type { Register } from './resources.ts';

/** Workers in this process, without a command. */
export interface Workers {
  deps(change?: Change): WorkerDeps;
  startWorkers(change?: Change, settings?: Partial<Pace>): Promise<RunningWorkers>;
}

/** Other dependencies; requests of `portal` wait for their turn. */
export type Change = Partial<Omit<WorkerDeps, 'portal'>> & { portal?: Portal };

interface Pace {
  requestsPerMinute: number;
  concurrency: number;
  name?: string;
}

interface Parts extends BatchParts {
  readonly url: string;
  readonly portal: Portal;
}

const BACKOFF = { backoffMs: 20, backoffMaxMs: 100, random: () => 0.5 };

export function workersOn(parts: Parts, register: Register): Workers {
  const deps = (change: Change = {}) => depsOf(parts, change, register);
  return {
    deps,
    startWorkers: async (change, settings) => {
      const { url, timings } = parts;
      const redis = await connectRedis({ url, role: 'consumer', logger: silent, timings });
      register(() => redis.disconnect());
      const pace = { requestsPerMinute: 0, concurrency: 10, ...settings };
      const workers = await startWorkers(deps(change), { redis, ...pace, ...BACKOFF });
      register(() => workers.close());
      return workers;
    },
  };
}

function depsOf(parts: Parts, change: Change, register: Register): WorkerDeps {
  const { ledger, queues, portalOrigin } = parts;
  const { logger = silent } = change;
  const timings = impatient(parts.timings);
  const limits = change.limits ?? openLimits(timings);
  const portal = inTurn(change.portal ?? parts.portal, limits);
  const waits = { backoff: BACKOFF, probeMs: 10_000, now: Date.now, timings, limits };
  const pressure = createPressure({ ledger, queues, logger, ...waits });
  const told = { portalOrigin, attempts: 4, lookUpDelayMs: 50, now: Date.now, timings };
  const owner = rememberOwner(portal);
  const notifier = change.notifier ?? openNotifier(timings, register);
  const own = { ledger, queues, owner, pressure, limits, notifier, logger: silent, ...told };
  return { ...own, ...change, portal };
}

/** Limits that let every request through; workers put their share in their place. */
export function openLimits(timings: Timings): RequestLimits {
  const limits = new RequestLimits(timings);
  limits.set({ writers: 10, perSecond: Infinity, until: Infinity });
  return limits;
}

/** Notifications that are tried again at once. */
function impatient(timings: Timings): Timings {
  const { backoffMs: notifyBackoffMs, backoffMaxMs: notifyBackoffMaxMs } = BACKOFF;
  return { ...timings, notifyTimeoutMs: 500, notifyBackoffMs, notifyBackoffMaxMs };
}

const NOTIFY_SECRET = 'a secret of the tests';

function openNotifier(timings: Timings, register: Register): Notifier {
  const notifier = createNotifier({ secret: () => NOTIFY_SECRET, timings, now: Date.now });
  register(() => notifier.close());
  return notifier;
}
