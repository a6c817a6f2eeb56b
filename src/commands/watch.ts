import { setTimeout as pause } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { paceOf, startsPerSecond } from '../queue/pace.ts';
import type { Context } from './context.ts';
import type { Store } from './open.ts';
import { createProgress } from './progress.ts';
import { readWaits } from './waits.ts';

/**
 * Shows a batch's progress until it is over, held, or the signal aborts. A batch that its producer
 * is about to open counts as one without rows.
 */
export async function watch(
  context: Context,
  store: Store,
  { batch, signal }: { batch: string; signal: AbortSignal },
): Promise<Report> {
  const { stderr, timings } = context.io;
  const progress = createProgress(stderr, timings);
  const allowedPerSecond = paceAllowed(context.config.requestsPerMinute);
  try {
    for (;;) {
      const now = Date.now();
      const report = await reportIfOpen(store, batch, now);
      if (report !== undefined) {
        const waits = (await readWaits(store.ledger, now)).map(({ text }) => text);
        progress.show({ report, allowedPerSecond, backlog: await backlogOf(store), waits, now });
        if (isSettled(report) || report.hold !== null || signal.aborted) return report;
      }
      signal.throwIfAborted();
      await pause(timings.watchPollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    progress.end();
  }
}

function paceAllowed(requestsPerMinute: number): number {
  return requestsPerMinute > 0
    ? startsPerSecond(paceOf(requestsPerMinute))
    : Number.POSITIVE_INFINITY;
}

async function reportIfOpen(store: Store, batch: string, now: number): Promise<Report | undefined> {
  try {
    return await reportOf(store.ledger, batch, now);
  } catch (error) {
    if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') return undefined;
    throw error;
  }
}

/** Jobs of all batches that are still to be worked. */
async function backlogOf({ queues }: Pick<Store, 'queues'>): Promise<number> {
  const counts = await queues.createUser.getJobCounts('waiting', 'active', 'delayed');
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Over, or waiting for a person or a time: nothing happens by itself for now. */
export function isSettled(report: Report): boolean {
  return isOver(report) || report.state === 'waiting' || report.gate !== null;
}

export function isOver(report: Report): boolean {
  return report.state === 'finished' || report.state === 'cancelled';
}
