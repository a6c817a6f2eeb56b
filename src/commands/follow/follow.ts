import { setTimeout as sleep } from 'node:timers/promises';
import { hasBatch } from '../../ledger/batch/batches.ts';
import type { Report } from '../../ledger/batch/numbers.ts';
import { type Overview, type Readable, readOverview } from '../../overview/overview.ts';
import type { Timings } from '../../timings.ts';
import type { Live } from './live.ts';

interface Following {
  batch: string;
  live?: Live | undefined;
  /** Ends the following before the batch is where it should be. */
  signal: AbortSignal;
  timings: Timings;
}

/**
 * Shows a batch until `isEnough`, or the signal aborts, and returns what it saw last. A batch that
 * its producer is about to open is waited for.
 * @throws the signal's reason when it aborts before the batch is open.
 */
export async function followBatch(
  store: Readable,
  { batch, live, signal, timings }: Following,
  isEnough: (report: Report) => boolean,
): Promise<Overview> {
  for (;;) {
    if (await hasBatch(store.ledger, batch)) {
      const overview = await readOverview(store, batch, Date.now());
      live?.show(overview);
      if (isEnough(overview.report) || signal.aborted) return overview;
    }
    signal.throwIfAborted();
    await sleep(timings.watchPollMs, undefined, { signal }).catch(() => undefined);
  }
}
