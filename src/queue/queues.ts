import type { Redis } from 'ioredis';
import type { Logger } from '../process/logger.ts';
import type { Complaints } from '../redis/complaints.ts';
import { requirePackage } from '../require-package.ts';
import { CREATE_USER, INVITE, NOTIFY, SEAL } from './names.ts';
import { FAILED_JOBS_MS } from './options.ts';
import type { CreateUserPayload, InvitePayload, NotifyPayload, SealPayload } from './payloads.ts';

export type Queues = ReturnType<typeof openQueues>;

/**
 * Opens the producer's side of the queues on one connection. `skipWaitingForReady` lets a command
 * fail at once while Redis is down instead of hanging (B-OUTAGE-02).
 */
export function openQueues(options: {
  redis: Redis;
  prefix: string;
  logger: Logger;
  /** How long jobs of people who failed stay on the board, ms. */
  failedJobsMs?: number | undefined;
  /** Those of the command; queues that are alone have their own. */
  complaints?: Complaints | undefined;
}) {
  const { redis: connection, prefix, logger, failedJobsMs = FAILED_JOBS_MS } = options;
  const bullmq: typeof import('bullmq') = requirePackage('bullmq');
  const settings = { connection, prefix, skipWaitingForReady: true };
  const createUser = new bullmq.Queue<CreateUserPayload>(CREATE_USER, settings);
  const invite = new bullmq.Queue<InvitePayload>(INVITE, settings);
  const seal = new bullmq.Queue<SealPayload>(SEAL, settings);
  const notify = new bullmq.Queue<NotifyPayload>(NOTIFY, settings);
  const flow = new bullmq.FlowProducer(settings);
  // The text alone is logged: ioredis attaches the whole command, with people in it, to its errors.
  const complain = (error: Error) => {
    const { complaints } = options;
    if (complaints === undefined) logger.warn({ reason: error.message }, 'queue connection');
    else complaints.about(error, 'queue connection');
  };
  for (const queue of [createUser, invite, seal, notify]) queue.on('error', complain);
  flow.on('error', complain);
  const close = async () => {
    await Promise.all([createUser, invite, seal, notify, flow].map((each) => each.close()));
  };
  return { prefix, failedJobsMs, createUser, invite, seal, notify, flow, close };
}
