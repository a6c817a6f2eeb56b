import type { Acting } from '../../actions/acting.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import { type Report, reportOf } from '../../ledger/batch/numbers.ts';
import { withContext } from '../context.ts';
import { exit, type Io, reading } from '../io.ts';
import { actingOf, openStore, type Store } from '../open/store.ts';
import { reportText } from '../text/report-text.ts';

/** Flags of every verb that changes a batch. */
export interface ChangeFlags {
  json?: boolean;
}

interface OnBatch {
  batch: string;
  flags: ChangeFlags;
}

/**
 * Runs a verb that changes a batch, from any machine, and prints what it did: `change` returns the
 * sentence. With `--json` the report of the batch is printed instead.
 */
export function changeBatch(
  io: Io,
  { batch, flags }: OnBatch,
  change: (acting: Acting) => Promise<string>,
): Promise<number> {
  return withContext(io, reading, async (context) => {
    const store = await openStore(context, 'guest');
    const sentence = await change(actingOf(context, store));
    const report = await reportOf(store.ledger, batch, Date.now());
    if (flags.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else io.stdout.write(`${sentence}\n${reportText(report)}`);
    io.stderr.write(await workerHint(store, report));
    return exit.ok;
  });
}

/** A change that leaves work is worth nothing without a worker. */
async function workerHint({ queues }: Store, report: Report): Promise<string> {
  if (isOver(report) || (await queues.createUser.getWorkersCount()) > 0) return '';
  return 'no worker is running: start one with onboard worker\n';
}
