import { OnboardError } from '../../errors.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import type { Report } from '../../ledger/batch/numbers.ts';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import { withRejections } from '../../overview/overview.ts';
import { jsonText } from '../../printable.ts';
import { type Context, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openStored } from '../open/ledger-store.ts';
import { addQueues } from '../open/store.ts';
import { overviewFields, overviewText } from '../text/overview-text.ts';
import { followBatch } from './follow.ts';
import { createLive } from './live.ts';

const continuesAnyway = 'the batch continues without this terminal: onboard watch shows it again\n';
const noWorker = 'no worker is running; run the same command to continue\n';

type WatchFlags = { json?: boolean };

/**
 * `onboard watch BATCH`: shows a batch until it is over, through holds and gates, which another
 * terminal can end. Changes nothing, so any number of terminals may watch. Exit status 0 when it is
 * over and nobody failed, 3 when somebody did or has another role than asked, 130 when the watching ended before.
 */
export async function watchCommand(io: Io, batch: string, flags: WatchFlags): Promise<number> {
  const place = { isPrivate: false };
  for (;;) {
    try {
      return await withContext(io, {}, (context) => {
        place.isPrivate = context.config.redisUrl === undefined;
        return watchBatch(context, batch, flags);
      });
    } catch (error) {
      // A private Redis ends with the `run` that owns it; opened again, it tells how that ended.
      const isLost = error instanceof OnboardError && error.code === 'E_REDIS_UNREACHABLE';
      if (!isLost || !place.isPrivate || io.interrupt.aborted) throw error;
    }
  }
}

async function watchBatch(context: Context, batch: string, flags: WatchFlags): Promise<number> {
  const { io } = context;
  const store = await addQueues(context, await openStored(context, batch));
  await requireBatch(store.ledger, batch);
  const live = flags.json ? undefined : createLive(io.stdout, io.timings);
  const following = { batch, live, signal: io.interrupt, timings: io.timings };
  // A watcher that owns the private Redis would keep `run` out of it, and watch nothing.
  const isEnough = (report: Report) => isOver(report) || store.hostsRedis;
  const seen = await followBatch(store, following, isEnough);
  const overview = await withRejections(store.ledger, seen);
  live?.end('keep');
  if (flags.json) io.stdout.write(`${jsonText(overviewFields(overview))}\n`);
  else if (!io.stdout.isTTY) io.stdout.write(overviewText(overview));
  const { failed, otherRole, unmailed } = overview.report;
  if (isOver(overview.report)) return failed + otherRole + unmailed > 0 ? exit.someFailed : exit.ok;
  io.stderr.write(io.interrupt.aborted ? continuesAnyway : noWorker);
  return exit.interrupted;
}
