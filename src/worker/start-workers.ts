import type { WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { unlessDamaged } from '../ledger/damaged.ts';
import { noteRefusal } from '../ledger/notes/refusals.ts';
import { scrubLog } from '../ledger/notes/scrub-log.ts';
import { readWriters } from '../ledger/stops/waits.ts';
import { backoffDelayMs } from '../queue/backoff.ts';
import { CREATE_USER, INVITE, NOTIFY, SEAL } from '../queue/names.ts';
import { type Pace, paceOf } from '../queue/pace.ts';
import { createUserPayload, invitePayload, notifyPayload, sealPayload } from '../queue/payloads.ts';
import type { Complaints } from '../redis/complaints.ts';
import { answerOf } from '../redis/trouble.ts';
import { RetryLater } from './conclude.ts';
import { createUser } from './create/create-user.ts';
import { complaintsOf, type WorkerDeps } from './deps.ts';
import { processorOf } from './execute.ts';
import { invite } from './invite/invite-job.ts';
import { liftHoldAtStart } from './lift-hold.ts';
import { notify } from './notify.ts';
import { complaints, type PatientOptions, PatientWorker } from './patient-worker.ts';
import { boundBy } from './pressure/writers.ts';
import { seal } from './seal.ts';

/**
 * The workers' settings beside their waits (B-STALL-01, B-LIMIT-08, B-OUTAGE-01).
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
 * Starts the consumers of the queues in this process and sets the queues' global limits, the same
 * at every start. A hold whose cause is gone is lifted, and secrets that older versions logged are
 * removed.
 */
export async function startWorkers(given: WorkerDeps, settings: WorkerSettings) {
  const { queues } = given;
  const deps = { ...given, complaints: complaintsOf(given) };
  noteRefusals(deps);
  await setLimits(deps, settings);
  await unlessDamaged(scrubLog(deps.ledger), 0);
  await liftHoldAtStart(deps);
  const { concurrency } = settings;
  const options = optionsOf(deps, settings);
  const complain = complaints(deps, Date.now);
  const people = new PatientWorker(CREATE_USER, processorOf(deps, creations, complain), {
    ...options,
    concurrency,
  });
  const workers = [
    people,
    new PatientWorker(INVITE, processorOf(deps, invites, complain), options),
    new PatientWorker(SEAL, processorOf(deps, seals, complain), options),
    new PatientWorker(
      NOTIFY,
      processorOf(deps, notifications, complain),
      notifyOptions(deps, settings),
    ),
  ];
  for (const worker of workers) worker.on('error', complain);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  /** Divides the concurrency by the current number of worker processes. */
  const share = async () => {
    const processes = Math.max(1, await queues.createUser.getWorkersCount());
    people.concurrency = Math.max(1, Math.ceil(concurrency / processes));
  };
  await share();
  /** Starts no new job and waits for the jobs in progress. */
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  return { share, close };
}

/** Lets `onboard status` show what Redis answers here; a Redis that takes no writes has no note. */
function noteRefusals({ ledger, complaints, timings }: WorkerDeps & { complaints: Complaints }) {
  complaints.onRefusal((error) => {
    const forMs = 2 * timings.complaintRepeatMs;
    noteRefusal(ledger, { message: answerOf(error), at: Date.now() }, forMs).catch(() => undefined);
  });
}

const creations = { schema: createUserPayload, handle: createUser, asksPortal: true };
const invites = { schema: invitePayload, handle: invite, asksPortal: true };
const seals = { schema: sealPayload, handle: seal, asksPortal: false };
const notifications = { schema: notifyPayload, handle: notify, asksPortal: false };

/** Number of slow receivers that do not delay others. */
const NOTIFICATIONS_AT_ONCE = 5;

/** A separate worker, so that holds, pacing and slow receivers cannot delay notifications. */
function notifyOptions(deps: WorkerDeps, settings: WorkerSettings): PatientOptions {
  const { notifyBackoffMs: backoffMs, notifyBackoffMaxMs: backoffMaxMs } = deps.timings;
  const options = optionsOf(deps, { ...settings, backoffMs, backoffMaxMs });
  return { ...options, concurrency: NOTIFICATIONS_AT_ONCE };
}

/** The invite queue gets the same pace: a queue without a limit would ignore a requested wait. */
async function setLimits(deps: WorkerDeps, settings: WorkerSettings): Promise<void> {
  const { createUser, invite } = deps.queues;
  const pace: Pace = paceOf(settings.requestsPerMinute);
  const most = await readWriters(deps.ledger);
  await createUser.setGlobalConcurrency(boundBy(most, settings.concurrency));
  await Promise.all(
    [createUser, invite].map((queue) => queue.setGlobalRateLimit(pace.max, pace.durationMs)),
  );
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
