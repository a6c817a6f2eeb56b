import { createInterface } from 'node:readline/promises';
import type { Actor } from '../actor.ts';
import type { Producer } from '../batch/submit.ts';
import { OnboardError } from '../errors.ts';
import { type Action, type Details, logged } from '../ledger/log.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { actorOf, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { checkBatch } from './known-batch.ts';
import { openStore, producerOf, type Store } from './open.ts';
import { reportText } from './render.ts';

/** Flags that every verb which changes a batch has. */
export interface ChangeFlags {
  json?: boolean;
}

interface Change {
  producer: Producer;
  /** Does what changes the batch, and writes it into the action log. */
  act: <T>(doing: Doing<T>, work: () => Promise<T>) => Promise<T>;
}

interface Doing<T> {
  action: Action;
  details?: Details;
  told?: (result: T) => Details;
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
    // What somebody mistook for a batch must not reach the action log.
    await checkBatch(store.ledger, batch);
    const act = actIn(store, batch, actorOf(context));
    const sentence = await change({ producer: producerOf(context, store), act });
    const report = await reportOf(store.ledger, batch, Date.now());
    if (flags.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else io.stdout.write(`${sentence}\n${reportText(report)}`);
    io.stderr.write(await workerHint(store, report));
    return exit.ok;
  });
}

function actIn({ ledger }: Store, batch: string, by: Actor): Change['act'] {
  return (doing, work) => logged(ledger, { ...doing, batch, by }, work);
}

/** A change that leaves work is worth nothing without a worker. */
async function workerHint({ queues }: Store, report: Report): Promise<string> {
  const isOver = report.state === 'finished' || report.state === 'cancelled';
  if (isOver || (await queues.createUser.getWorkersCount()) > 0) return '';
  return 'no worker is running: start one with onboard worker\n';
}

/** The details of an action that comes to a number of people. */
export function counted(name: string): (people: number) => Details {
  return (people) => ({ [name]: people });
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
