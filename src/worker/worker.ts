import type { WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { resume } from '../batch/resume.ts';
import { backoffDelayMs } from '../queue/backoff.ts';
import { CREATE_USER, INVITE, NOTIFY, SEAL } from '../queue/names.ts';
import { type Pace, paceOf } from '../queue/pace.ts';
import { createUserPayload, invitePayload, notifyPayload, sealPayload } from '../queue/payloads.ts';
import { createUser } from './create-user.ts';
import type { WorkerDeps } from './deps.ts';
import { processorOf } from './execute.ts';
import { invite } from './invite.ts';
import { liftMendedHold } from './lift-hold.ts';
import { notify } from './notify.ts';
import { RetryLater } from './outcome.ts';
import { complaints, type PatientOptions, PatientWorker } from './patient-worker.ts';
import { seal } from './seal.ts';

/**
 * The workers' settings beside their waits (bullmq.md, sections 6, 7 and 15).
 * - maxStalledCount 20: each kill of a worker counts against its jobs; with BullMQ's 1, frequent
 *   kills failed 8 of 40,000 healthy children.
 * - no `limiter`: mixing a worker's limiter with the queue's global one ran 90 times too fast.
 */
const SETTINGS = {
  maxStalledCount: 20,
} satisfies Partial<WorkerOptions>;

export interface WorkerSettings {
  /** A connection that waits for Redis (maxRetriesPerRequest null). */
  redis: Redis;
  requestsPerMinute: number;
  /** Requests in flight over all worker processes together. */
  concurrency: number;
  backoffMs: number;
  backoffMaxMs: number;
  random: () => number;
  /** Whether starting is a person's act, which lifts any hold. */
  liftsHold?: boolean;
}

export interface RunningWorkers {
  /** Divides the concurrency by the worker processes there are now. */
  share(): Promise<void>;
  /** Takes nothing new and waits for the jobs under way. */
  close(): Promise<void>;
}

/**
 * Starts the consumers of the queues in this process and sets the queues' global limits, the
 * same at every start. A hold whose cause is gone is lifted.
 */
export async function startWorkers(
  deps: WorkerDeps,
  settings: WorkerSettings,
): Promise<RunningWorkers> {
  const { queues } = deps;
  await setLimits(deps, settings);
  await (settings.liftsHold ? resume(deps) : liftMendedHold(deps));
  const options = optionsOf(deps, settings);
  const people = new PatientWorker(
    CREATE_USER,
    processorOf(deps, { schema: createUserPayload, handle: createUser, asksPortal: true }),
    { ...options, concurrency: settings.concurrency },
  );
  const others = [
    new PatientWorker(
      INVITE,
      processorOf(deps, { schema: invitePayload, handle: invite, asksPortal: true }),
      options,
    ),
    new PatientWorker(
      SEAL,
      processorOf(deps, {
        schema: sealPayload,
        handle: ({ timings }, payload) => seal(payload, timings),
        asksPortal: false,
      }),
      options,
    ),
    notices(deps, settings),
  ];
  const workers = [people, ...others];
  const complain = complaints(deps, Date.now);
  for (const worker of workers) worker.on('error', complain);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  const share = async () => {
    const processes = Math.max(1, await queues.createUser.getWorkersCount());
    people.concurrency = Math.max(1, Math.ceil(settings.concurrency / processes));
  };
  await share();
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  return { share, close };
}

/** So many receivers may be slow at a time without others waiting for them. */
const NOTICES_AT_ONCE = 5;

/** Of their own, so that neither a hold nor the people's pace nor a slow receiver is in the way. */
function notices(deps: WorkerDeps, settings: WorkerSettings): PatientWorker {
  const { notifyBackoffMs: backoffMs, notifyBackoffMaxMs: backoffMaxMs } = deps.timings;
  const backoff = { backoffMs, backoffMaxMs };
  return new PatientWorker(
    NOTIFY,
    processorOf(deps, { schema: notifyPayload, handle: notify, asksPortal: false }),
    { ...optionsOf(deps, { ...settings, ...backoff }), concurrency: NOTICES_AT_ONCE },
  );
}

/** The invite queue gets the same pace, because a queue without a limit ignores a 429's pause. */
async function setLimits(deps: WorkerDeps, settings: WorkerSettings): Promise<void> {
  const { createUser, invite } = deps.queues;
  const pace: Pace = paceOf(settings.requestsPerMinute);
  await createUser.setGlobalConcurrency(settings.concurrency);
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
    drainDelay: timings.drainDelayMs / 1000,
    refusedPauseMs: timings.refusedPauseMs,
    connection: settings.redis,
    prefix: deps.queues.prefix,
    settings: {
      backoffStrategy: (attemptsMade, _type, error) => {
        const leastMs = error instanceof RetryLater ? error.delayMs : 0;
        return Math.max(backoffDelayMs(attemptsMade, settings), leastMs);
      },
    },
  };
}
