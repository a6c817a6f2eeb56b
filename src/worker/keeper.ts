import { messageOf } from '../errors.ts';
import { purgeBefore } from '../ledger/retention.ts';
import type { WorkerDeps } from './deps.ts';
import type { RunningWorkers } from './worker.ts';

/** A worker that joins waits this long at most until the others leave it its share of the slots. */
const INTERVAL_MS = 15_000;

/**
 * The periodic look of every worker process: share the concurrency among the processes that are
 * there now, and purge what is older than the retention. Returns how to stop it.
 */
export function startKeeper(
  deps: WorkerDeps,
  settings: { workers: RunningWorkers; retentionMs: number; now: () => number },
): () => void {
  const look = async () => {
    await settings.workers.share();
    const purged = await purgeBefore(deps.ledger, settings.now() - settings.retentionMs);
    if (purged.length > 0) deps.logger.info({ batches: purged }, 'batches purged');
  };
  const round = () => {
    look().catch((error: unknown) => {
      deps.logger.warn({ reason: messageOf(error) }, 'keeper could not look');
    });
  };
  round();
  const timer = setInterval(round, INTERVAL_MS);
  return () => clearInterval(timer);
}
