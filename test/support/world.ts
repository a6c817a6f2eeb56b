import { randomUUID } from 'node:crypto';
import { type Producer, type Submission, submit } from '../../src/batch/submit.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { NewRow } from '../../src/ledger/record-rows.ts';
import { type Report, reportOf } from '../../src/ledger/report.ts';
import { type ReportRow, reportRows } from '../../src/ledger/report-rows.ts';
import { createLogger } from '../../src/logger.ts';
import { createNotifier, type Notifier } from '../../src/notify/notifier.ts';
import { createPortal, type Portal } from '../../src/portal/client.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import {
  type RunningSandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/sandbox.ts';
import { timings } from '../../src/timings.ts';
import type { WorkerDeps } from '../../src/worker/deps.ts';
import { createPressure } from '../../src/worker/pressure.ts';
import { rememberOwner } from '../../src/worker/provenance.ts';
import { type RunningWorkers, startWorkers } from '../../src/worker/worker.ts';
import { onRelease, type RedisSpace, redisSpace } from './resources.ts';
import { waitFor } from './wait-for.ts';

export const silent = createLogger({ level: 'silent', pretty: false });

export interface World {
  space: RedisSpace;
  ledger: Ledger;
  queues: Queues;
  sandbox: RunningSandbox;
  producer(change?: Partial<Producer>): Producer;
  submission(rows: readonly NewRow[], change?: Partial<Submission>): Submission;
  submit(rows: readonly NewRow[], change?: Partial<Submission>): Promise<string>;
  deps(change?: Partial<WorkerDeps>): Promise<WorkerDeps>;
  startWorkers(change?: Partial<WorkerDeps>, settings?: Partial<Pace>): Promise<RunningWorkers>;
  report(batch: string): Promise<Report>;
  rows(batch: string): Promise<ReportRow[]>;
  untilFinished(batch: string): Promise<Report>;
}

interface Pace {
  requestsPerMinute: number;
  concurrency: number;
}

const OFF = { requestsPerMinute: 0, writesPerDay: 0 };
const BACKOFF = { backoffMs: 20, backoffMaxMs: 100, random: () => 0.5 };

/** Notifications that are tried again at once. */
const impatient = {
  ...timings,
  notifyTimeoutMs: 500,
  notifyBackoffMs: BACKOFF.backoffMs,
  notifyBackoffMaxMs: BACKOFF.backoffMaxMs,
};

/** A real Redis space, queues on it and a sandbox portal, without a rate limit unless asked for. */
export async function openWorld(
  options: { sandbox?: SandboxOptions; redisUrl?: string } = {},
): Promise<World> {
  const space = redisSpace(options.redisUrl);
  const { redis, prefix } = space;
  const ledger = openLedger(redis, prefix);
  const queues = openQueues({ redis, prefix, logger: silent });
  onRelease(() => queues.close());
  const sandbox = await startSandbox({ latencyMs: 1, limits: OFF, ...options.sandbox });
  onRelease(() => sandbox.close());
  const parts = { space, ledger, queues, sandbox };
  const deps = (change: Partial<WorkerDeps> = {}) => openDeps(parts, change);
  const producer = (change: Partial<Producer> = {}): Producer => {
    const signal = new AbortController().signal;
    const own = { ledger, queues, logger: silent, attempts: 4, token: randomUUID(), signal };
    return { ...own, timings, ...change };
  };
  const submission = (rows: readonly NewRow[], change: Partial<Submission> = {}): Submission => ({
    id: `b${randomUUID().slice(0, 8)}`,
    digest: 'd',
    portal: new URL(sandbox.url).origin,
    inviteType: 'All',
    rows: () => asyncRows(rows),
    ...change,
  });
  return {
    ...parts,
    producer,
    submission,
    deps,
    submit: async (rows, change) => {
      const { batch } = await submit(producer(), submission(rows, change));
      return batch.id;
    },
    startWorkers: async (change, settings) => {
      const workers = await openWorkers(space, await deps(change), settings);
      onRelease(() => workers.close());
      return workers;
    },
    report: (batch) => reportOf(ledger, batch, Date.now()),
    rows: async (batch) => {
      const rows: ReportRow[] = [];
      for await (const row of reportRows(ledger, batch)) rows.push(row);
      return rows;
    },
    untilFinished: (batch) =>
      waitFor(async () => {
        const report = await reportOf(ledger, batch, Date.now());
        return report.state === 'finished' ? report : undefined;
      }),
  };
}

async function openDeps(
  { ledger, queues, sandbox }: Pick<World, 'ledger' | 'queues' | 'sandbox'>,
  change: Partial<WorkerDeps>,
): Promise<WorkerDeps> {
  const logger = silent;
  const portal = change.portal ?? openPortal(sandbox);
  const waits = { backoff: BACKOFF, probeMs: 10_000, now: Date.now, timings };
  const pressure = createPressure({ ledger, queues, logger, ...waits });
  const portalOrigin = new URL(sandbox.url).origin;
  const told = { portalOrigin, attempts: 4, lookUpDelayMs: 50, now: Date.now, timings: impatient };
  const owner = rememberOwner(portal);
  const notifier = change.notifier ?? openNotifier();
  return { ledger, queues, portal, owner, pressure, notifier, logger, ...told, ...change };
}

const NOTIFY_SECRET = 'a secret of the tests';

/** Sends notifications, signed, with little patience; closed after the test. */
function openNotifier(): Notifier {
  const notifier = createNotifier({
    secret: () => NOTIFY_SECRET,
    timings: impatient,
    now: Date.now,
  });
  onRelease(() => notifier.close());
  return notifier;
}

/** A client of the sandbox, closed after the test. */
function openPortal(sandbox: RunningSandbox): Portal {
  const portal = createPortal({
    baseUrl: new URL(sandbox.url),
    apiKey: () => sandbox.key,
    requestTimeoutMs: 5000,
    connections: 20,
    timings,
    now: Date.now,
    random: Math.random,
    logger: silent,
  });
  onRelease(() => portal.close());
  return portal;
}

async function openWorkers(
  { url }: RedisSpace,
  deps: WorkerDeps,
  settings: Partial<Pace> = {},
): Promise<RunningWorkers> {
  const redis = await connectRedis({ url, role: 'consumer', logger: silent, timings });
  onRelease(() => redis.disconnect());
  const pace = { requestsPerMinute: 0, concurrency: 10, ...settings };
  return startWorkers(deps, { redis, ...pace, ...BACKOFF });
}

async function* asyncRows(rows: readonly NewRow[]): AsyncGenerator<NewRow> {
  yield* rows;
}
