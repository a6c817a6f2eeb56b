import type { Ledger } from '../ledger/ledger.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { KeyInfo } from '../portal/portal-facts.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { Logger } from '../process/logger.ts';
import type { Queues } from '../queue/queues.ts';
import { type Complaints, createComplaints } from '../redis/complaints.ts';
import type { Timings } from '../timings.ts';
import type { WorkerPortal } from './limits/in-turn.ts';
import type { RequestLimits } from './limits/request-limits.ts';
import type { Pressure } from './pressure/pressure.ts';

/** The dependencies of the handlers. */
export interface WorkerDeps {
  ledger: Ledger;
  queues: Queues;
  portal: WorkerPortal;
  /** Origin of the portal that `portal` talks to. */
  portalOrigin: string;
  /** The owner of our key, as the portal says. */
  owner: () => Promise<Verdict<KeyInfo>>;
  pressure: Pressure;
  /** Limits of the requests that `portal` sends. */
  limits: RequestLimits;
  notifier: Notifier;
  logger: Logger;
  /** Log of Redis' refusals; each part that is alone has its own. */
  complaints?: Complaints | undefined;
  attempts: number;
  /** How long the portal may still process a request without an answer, ms. */
  lookUpDelayMs: number;
  /** ms since the epoch. */
  now: () => number;
  timings: Timings;
}

/** The complaints of these dependencies, or new ones. */
export function complaintsOf(
  { complaints, logger, timings }: Pick<WorkerDeps, 'complaints' | 'logger' | 'timings'>,
  now: () => number = Date.now,
): Complaints {
  return complaints ?? createComplaints({ logger, repeatMs: timings.complaintRepeatMs, now });
}

/** The attempt of a job in progress, counted from 1. */
export interface Attempt {
  queue: string;
  number: number;
  isLast: boolean;
  jobId: string;
  logger: Logger;
}
