import type { WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { unlessDamaged } from '../ledger/damaged.ts';
import { setLimits } from '../ledger/limits/leases.ts';
import { noteRefusal } from '../ledger/notes/refusals.ts';
import { scrubLog } from '../ledger/notes/scrub-log.ts';
import { backoffDelayMs } from '../queue/backoff.ts';
import { CREATE_USER, INVITE, NOTIFY, SEAL } from '../queue/names.ts';
import { keptChildren } from '../queue/options.ts';
import { UNLIMITED } from '../queue/pace.ts';
import { createUserPayload, invitePayload, notifyPayload, sealPayload } from '../queue/payloads.ts';
import type { Complaints } from '../redis/complaints.ts';
import { answerOf } from '../redis/trouble.ts';
import { RetryLater } from './conclude.ts';
import { admitUser, createUser } from './create/create-user.ts';
import { complaintsOf, type WorkerDeps } from './deps.ts';
import { admitAtOnce, admitRequests, processorOf } from './execute.ts';
import { invite } from './invite/invite-job.ts';
import { liftHoldAtStart } from './lift-hold.ts';
import { startLease } from './limits/lease.ts';
import { notify } from './notify.ts';
import { complaints, type PatientOptions, PatientWorker } from './patient-worker.ts';
import { seal } from './seal.ts';

/**
 * The workers' settings beside their waits (B-STALL-01, B-OUTAGE-01).
 * - maxStalledCount 20: each kill of a worker counts against its jobs; with BullMQ's 1, frequent
 *   kills failed 8 of 40,000 healthy children.
 * - no `limiter`: mixing a worker's limiter with the queue's global one ran 90 times too fast.
 */
const SETTINGS = { maxStalledCount: 20 } satisfies Partial<WorkerOptions>;

export interface WorkerSettings {
  /** A connection that waits for Redis (maxRetriesPerRequest null). */
  redis: Redis;
  requestsPerMinute: number;
  /** Requests in flight over all worker processes together. */
  concurrency: number;
  backoffMs: number;
  backoffMaxMs: number;
  random: () => number;
  /** Names the connections and the jobs in hand of this process (worker-name.ts). */
  name?: string | undefined;
}

export type RunningWorkers = Awaited<ReturnType<typeof startWorkers>>;

/**
 * Starts the consumers of the queues in this process and sets the limits of all processes, the same at
 * every start. A hold whose cause is gone is lifted, and secrets that older versions logged are
 * removed.
 */
export async function startWorkers(given: WorkerDeps, settings: WorkerSettings) {
  const deps = { ...given, complaints: complaintsOf(given) };
  const { limits } = deps;
  noteRefusals(deps);
  await limitQueues(deps, settings);
  await unlessDamaged(scrubLog(deps.ledger), 0);
  const options = optionsOf(deps, settings);
  const complain = complaints(deps, Date.now);
  const asking = { ...options, autorun: false };
  const creating = { ...asking, ...keptChildren(deps.queues.failedJobsMs) };
  const people = new PatientWorker(CREATE_USER, processorOf(deps, creations, complain), creating);
  const inviting = new PatientWorker(INVITE, processorOf(deps, invites, complain), asking);
  const others = [
    new PatientWorker(SEAL, processorOf(deps, seals, complain), options),
    new PatientWorker(
      NOTIFY,
      processorOf(deps, notifications, complain),
      notifyOptions(deps, settings),
    ),
  ];
  const workers = [people, inviting, ...others];
  for (const worker of workers) worker.on('error', complain);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  /** A process without a writer takes no job that would wait in its hands. */
  const onWriters = (writers: number) => {
    people.concurrency = Math.max(1, limits.jobs);
    for (const worker of [people, inviting]) {
      if (writers === 0) void worker.pause(true);
      else if (!worker.isRunning() || worker.isPaused()) void worker.resume();
    }
  };
  const endLease = await startLease(deps, onWriters);
  await liftHoldAtStart(deps);
  /** Starts no new job and waits for the jobs in progress. */
  const close = async () => {
    limits.close();
    await Promise.all(workers.map((worker) => worker.close()));
    await endLease();
  };
  return { close };
}

/** Lets `onboard status` show what Redis answers here; a Redis that takes no writes has no note. */
function noteRefusals({ ledger, complaints, timings }: WorkerDeps & { complaints: Complaints }) {
  complaints.onRefusal((error) => {
    const forMs = 2 * timings.complaintRepeatMs;
    noteRefusal(ledger, { message: answerOf(error), at: Date.now() }, forMs).catch(() => undefined);
  });
}

const creations = { schema: createUserPayload, admit: admitUser, handle: createUser };
const invites = { schema: invitePayload, admit: admitRequests, handle: invite };
const seals = { schema: sealPayload, admit: admitAtOnce, handle: seal };
const notifications = { schema: notifyPayload, admit: admitAtOnce, handle: notify };

/** Number of slow receivers that do not delay others. */
const NOTIFICATIONS_AT_ONCE = 5;

/** A separate worker, so that holds, pacing and slow receivers cannot delay notifications. */
function notifyOptions(deps: WorkerDeps, settings: WorkerSettings): PatientOptions {
  const { notifyBackoffMs: backoffMs, notifyBackoffMaxMs: backoffMaxMs } = deps.timings;
  const options = optionsOf(deps, { ...settings, backoffMs, backoffMaxMs });
  return { ...options, concurrency: NOTIFICATIONS_AT_ONCE };
}

/** Workers pace requests themselves; without any limit, a queue would ignore a requested wait. */
async function limitQueues(deps: WorkerDeps, settings: WorkerSettings): Promise<void> {
  const { createUser, invite } = deps.queues;
  const { max, durationMs } = UNLIMITED;
  const { concurrency, requestsPerMinute } = settings;
  await setLimits(deps.ledger, { concurrency, requestsPerMinute });
  await createUser.removeGlobalConcurrency();
  await Promise.all([createUser, invite].map((queue) => queue.setGlobalRateLimit(max, durationMs)));
}

function optionsOf(deps: WorkerDeps, settings: WorkerSettings): PatientOptions {
  const { timings } = deps;
  return {
    ...SETTINGS,
    lockDuration: timings.jobLockMs,
    stalledInterval: timings.stallCheckMs,
    maximumRateLimitDelay: timings.limitCheckMs,
    drainDelay: timings.drainDelayMs / 1000,
    refusedPauseMs: timings.refusedPauseMs,
    refusedPauseMaxMs: timings.refusedPauseMaxMs,
    connection: settings.redis,
    prefix: deps.queues.prefix,
    ...(settings.name === undefined ? {} : { name: settings.name }),
    settings: {
      backoffStrategy: (attemptsMade, _type, error) => {
        const leastMs = error instanceof RetryLater ? error.delayMs : 0;
        return Math.max(backoffDelayMs(attemptsMade, settings), leastMs);
      },
    },
  };
}
