import { join } from 'node:path';
import { inject } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { Portal } from '../../src/portal/client.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import {
  type RunningSandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/sandbox.ts';
import type { Timings } from '../../src/timings.ts';
import { openClient } from '../portal/fake-portal.ts';
import { type Batches, batchesOn, silent } from './batches.ts';
import { type Asked, faultyPortal, type Plan } from './faulty-portal.ts';
import { openPlace, type Place } from './place.ts';
import { lazy, onRelease, type Register } from './resources.ts';
import { leave, newPrefix, type RedisSpace, redisAt } from './space.ts';
import { quick } from './timings.ts';
import { type Workers, workersOn } from './workers.ts';

/** A key of tests alone, so that any occurrence is a leak. */
export const TEST_KEY = `sk-${'5e'.repeat(32)}`;

const OFF = { requestsPerMinute: 0, writesPerDay: 0 };

export interface StageOptions {
  sandbox?: SandboxOptions;
  /** Environment of commands, added to the stage's Redis and portal. */
  env?: Readonly<Record<string, string>>;
  /** An address; `private`: commands start a Redis of their own in the folder. */
  redis?: string;
  /** Waits that differ from `quick`. */
  timings?: Partial<Timings>;
  /** Puts a portal that fails as planned in front of the sandbox, for `portal` and the workers. */
  plan?: Plan;
  /** The client's; short only for a portal that is silent: a busy machine answers after 500 ms, too. */
  requestTimeoutMs?: number;
  /** Starts workers. */
  works?: boolean;
  /** Registers the closing; by default after the test. */
  register?: Register;
}

/**
 * The stage for a test of more than one part: a Redis prefix, a sandbox portal without a rate
 * limit, and a folder for commands. All except the portal opens on its first use.
 */
export interface Stage extends RedisSpace, Batches, Workers, Place {
  readonly sandbox: RunningSandbox;
  /** A client of the sandbox, or of the portal in front of it. */
  readonly portal: Portal;
  /** Requests to the portal in front of the sandbox. */
  readonly asked: readonly Asked[];
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly timings: Timings;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { register = onRelease } = options;
  const settings = { latencyMs: 1, limits: OFF, keys: [TEST_KEY], ...options.sandbox };
  const sandbox = await startSandbox(settings);
  register(() => sandbox.close());
  const front = await portalOf(sandbox, options);
  const timings: Timings = { ...quick, ...options.timings };
  const prefix = newPrefix();
  const place = openPlace(envOf(sandbox, prefix, options), { register, timings });
  const url = urlOf(options) ?? join(place.dir, '.onboard', 'redis.sock');
  const redis = lazy(() => redisAt(url));
  const isShared = options.redis === undefined;
  register((end) =>
    isShared ? leave({ redis: redis(), url, prefix }, end) : redis().disconnect(),
  );
  const ledger = lazy(() => openLedger(redis(), prefix));
  const queues = lazy(() => {
    const made = openQueues({ redis: redis(), prefix, logger: silent });
    register(() => made.close());
    return made;
  });
  const parts = {
    ...front,
    sandbox,
    portalOrigin: new URL(sandbox.url).origin,
    timings,
    prefix,
    url,
    get redis() {
      return redis();
    },
    get ledger() {
      return ledger();
    },
    get queues() {
      return queues();
    },
  };
  const stage = Object.assign(parts, place, batchesOn(parts), workersOn(parts, register));
  if (options.works) await stage.startWorkers();
  return stage;
}

function urlOf({ redis }: StageOptions): string | undefined {
  return redis === 'private' ? undefined : (redis ?? inject('redisUrl'));
}

/** Environment that leads commands to the stage's Redis and portal. */
function envOf(sandbox: RunningSandbox, prefix: string, options: StageOptions) {
  const url = urlOf(options);
  return {
    ...(url === undefined ? {} : { REDIS_URL: url }),
    DOCSPACE_URL: sandbox.url,
    DOCSPACE_API_KEY: sandbox.key,
    ONBOARD_PREFIX: prefix,
    ONBOARD_REQUESTS_PER_MINUTE: '0',
    ONBOARD_BACKOFF_MS: '100',
    ONBOARD_BACKOFF_MAX_MS: '1000',
    ONBOARD_LOOKUP_DELAY_MS: '500',
    ...options.env,
  };
}

async function portalOf(sandbox: RunningSandbox, { plan, requestTimeoutMs = 5000 }: StageOptions) {
  if (plan !== undefined) return faultyPortal(sandbox, plan, { requestTimeoutMs });
  const apiKey = () => sandbox.key;
  return { portal: openClient(new URL(sandbox.url), { connections: 20, apiKey }), asked: [] };
}
