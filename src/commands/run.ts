import type { Submission } from '../batch/submit.ts';
import { submitLogged } from '../batch/submit-logged.ts';
import { readHold } from '../ledger/holds.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import type { RunningWorkers } from '../worker/worker.ts';
import { admit } from './admit.ts';
import { actorOf, type Context, withContext } from './context.ts';
import { draining, exit, goesOn, type Io } from './io.ts';
import { noticeLine } from './notice.ts';
import { openWorkers, producerOf, type Store } from './open.ts';
import type { PlanFlags } from './plan.ts';
import { reportText } from './render.ts';
import { overridesOf } from './submission.ts';
import { isOver, isSettled, watch } from './watch.ts';

/**
 * `onboard run`: validates, submits, works the batch in this process and reports.
 * Returns the exit status; interrupted, it drains and the same command goes on later.
 */
export function run(io: Io, files: readonly string[], flags: PlanFlags): Promise<number> {
  const overrides = overridesOf(flags);
  const wants = { needs: ['portal', 'key'] as const, logLevel: 'warn' as const, overrides };
  return withContext(io, wants, async (context) => {
    const { source, submission, store } = await admit(context, { files, flags, role: 'owner' });
    // Running the command again is a person's act and lifts a hold.
    const lifted = (await readHold(store.ledger))?.code;
    const workers = await openWorkers(context, store, { liftsHold: true });
    io.stderr.write(`batch ${submission.id}: ${source.rows} rows\n`);
    const seen = await submitAndWatch(context, store, { submission, lifted });
    if (!io.interrupt.aborted) io.stderr.write(await noticeLine(context, store, seen.batchId));
    const report = isSettled(seen) ? seen : await afterDrain(context, { store, workers, seen });
    return conclude(context, { store, report, flags });
  });
}

/** Both at once: workers start with the first slice. A failed submission ends the watching. */
async function submitAndWatch(
  context: Context,
  store: Store,
  { submission, lifted }: { submission: Submission; lifted: string | undefined },
): Promise<Report> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.io.interrupt, stop.signal]);
  const seen = watch(context, store, { batch: submission.id, signal });
  // It may end first (Ctrl-C while another producer has the batch); it is heard below all the same.
  seen.catch(() => undefined);
  try {
    const doing = { action: 'run' as const, by: actorOf(context), lifted };
    const { already } = await submitLogged(producerOf(context, store), submission, doing);
    if (already) context.io.stderr.write('submitted before: this goes on with it\n');
  } catch (error) {
    stop.abort();
    await seen.catch(() => undefined);
    throw error;
  }
  return seen;
}

/** Running requests finish first, so that the report holds what they came to. */
async function afterDrain(
  context: Context,
  end: { store: Store; workers: RunningWorkers; seen: Report },
): Promise<Report> {
  if (context.io.interrupt.aborted) context.io.stderr.write(draining);
  await end.workers.close();
  return reportOf(end.store.ledger, end.seen.batchId, Date.now());
}

async function conclude(
  context: Context,
  end: { store: Store; report: Report; flags: PlanFlags },
): Promise<number> {
  const { store, report, flags } = end;
  const hold = await readHold(store.ledger);
  const text = flags.json ? `${JSON.stringify(report)}\n` : reportText(report, hold);
  context.io.stdout.write(text);
  const status = exitStatus(report, { strict: flags.strict === true });
  if (status === exit.interrupted) context.io.stderr.write(goesOn);
  else if (!flags.json && isOver(report)) {
    context.io.stderr.write(`every row: onboard report ${report.batchId} --format csv\n`);
  }
  return status;
}

/** 0 all well, 3 some people failed (with --strict also: were rejected), 4 held, 130 not over. */
export function exitStatus(report: Report, options: { strict: boolean }): number {
  if (report.hold !== null) return exit.held;
  if (!isSettled(report)) return exit.interrupted;
  const rejected = options.strict ? report.rejected : 0;
  return report.failed + rejected > 0 ? exit.someFailed : exit.ok;
}
