import { createInterface } from 'node:readline/promises';
import type { Producer } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { exit, type Io, withContext } from './context.ts';
import { openStore, producerOf, type Store } from './open.ts';
import { reportText } from './render.ts';

/** Flags that every verb which changes a batch has. */
export interface ChangeFlags {
  json?: boolean;
}

interface Change {
  producer: Producer;
  store: Store;
}

/**
 * Runs a verb that changes a batch, from any machine, and tells what it did: `change` returns the
 * sentence. With `--json` the report of the batch is printed instead.
 */
export function changeBatch(
  io: Io,
  { batch, flags }: { batch: string; flags: ChangeFlags },
  change: (parts: Change) => Promise<string>,
): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const store = await openStore(context, 'guest');
    const sentence = await change({ producer: producerOf(context, store), store });
    const report = await reportOf(store.ledger, batch, Date.now());
    if (flags.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else io.stdout.write(`${sentence}\n${reportText(report)}`);
    io.stderr.write(await workerHint(store, report));
    return exit.ok;
  });
}

/** A change that leaves work is worth nothing without a worker. */
async function workerHint({ queues }: Store, report: Report): Promise<string> {
  const isOver = report.state === 'finished' || report.state === 'cancelled';
  if (isOver || (await queues.createUser.getWorkersCount()) > 0) return '';
  return 'no worker is running: start one with onboard worker\n';
}

/**
 * Asks on a terminal before something is done that cannot be undone.
 * @throws {OnboardError} E_USAGE where nobody can be asked and `--yes` is missing; E_REFUSED when the
 * answer is no.
 */
export async function confirm(io: Io, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!io.stdin.isTTY) {
    throw new OnboardError('E_USAGE', `${question} Say so with --yes: there is nobody to ask.`);
  }
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const answer = await lines.question(`${question} [y/N] `, { signal: io.interrupt });
  lines.close();
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new OnboardError('E_REFUSED', 'nothing was changed');
}
