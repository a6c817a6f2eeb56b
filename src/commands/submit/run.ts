import { resolve } from 'node:path';
import { submitList } from '../../actions/submit-list.ts';
import { retryStuckInvite } from '../../batch/invite-now.ts';
import type { OptionChange } from '../../batch/option-changes.ts';
import { type Submission, storeOptions } from '../../batch/submit-batch.ts';
import { counted } from '../../count.ts';
import { isOver, isSettled } from '../../ledger/batch/batch-state.ts';
import { readBatch } from '../../ledger/batch/batches.ts';
import { type Report, reportOf } from '../../ledger/batch/numbers.ts';
import { isStuck } from '../../ledger/invites/gate.ts';
import { causesOf, rejectionsOf } from '../../ledger/rows/causes.ts';
import { readHold } from '../../ledger/stops/holds.ts';
import { jsonText, line } from '../../printable.ts';
import type { RunningWorkers } from '../../worker/start-workers.ts';
import { type Context, type Wants, withContext } from '../context.ts';
import { followBatch } from '../follow/follow.ts';
import { createLive } from '../follow/live.ts';
import { continues, draining, exit, type Io } from '../io.ts';
import { actingOf, type Store } from '../open/store.ts';
import { openWorkers } from '../open/workers.ts';
import { submittedText } from '../text/asked-text.ts';
import { reasonsText } from '../text/reasons-text.ts';
import { reportText } from '../text/report-text.ts';
import { beforeSubmission } from './before-submission.ts';
import { deliveryLine } from './delivery-line.ts';
import { liftBeforeRun, mayLift, refuseHeld } from './lift-before-run.ts';
import { overridesOf, type SubmissionFlags } from './prepare.ts';

/**
 * `onboard run`: validates, submits, works the batch in this process and reports. Interrupted, it
 * drains, and the same command continues later.
 */
export function run(io: Io, files: readonly string[], flags: SubmissionFlags): Promise<number> {
  const wants: Wants = { needs: ['portal', 'key'], overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const admit = (store: Store) => refuseHeld(context, store, flags);
    const admitted = await beforeSubmission(context, { files, flags, role: 'owner', admit });
    const { source, submission, store, portal } = admitted;
    const { producer } = actingOf(context, store);
    // A worker of another process may start as soon as the hold is lifted.
    const changes = await storeOptions(producer, submission);
    const lifted = await liftBeforeRun(context, store, flags);
    if (mayLift(context, flags)) await retryStuckInvite(producer, submission.id);
    const workers = await openWorkers(context, store, { portal });
    io.stderr.write(placeLine(context));
    io.stderr.write(`batch ${submission.id}: ${counted(source.rows, 'row', 'rows')}\n`);
    const seen = await submitAndFollow(context, store, { submission, lifted, changes });
    if (!io.interrupt.aborted) io.stderr.write(await deliveryLine(context, store, seen.batchId));
    const report = isSettled(seen) ? seen : await afterDrain(context, { store, workers, seen });
    return conclude(context, { store, report, flags });
  });
}

/** Two Redises at work on one portal can create a person twice. */
function placeLine({ config: { redisUrl, dataDir } }: Context): string {
  if (redisUrl !== undefined) return '';
  return (
    line`the queue is in ${resolve(dataDir)}: all who onboard people to this portal must use this folder, or one REDIS_URL` +
    '\n'
  );
}

interface Following {
  submission: Submission;
  /** Code of the hold that was lifted. */
  lifted: string | undefined;
  changes: OptionChange[];
}

/** Both at once: workers start with the first slice. A failed submission ends the following. */
async function submitAndFollow(
  context: Context,
  store: Store,
  { submission, lifted, changes }: Following,
): Promise<Report> {
  const { io } = context;
  const { timings } = io;
  const stop = new AbortController();
  const signal = AbortSignal.any([io.interrupt, stop.signal]);
  const live = createLive(io.stderr, timings);
  const following = followBatch(
    store,
    { batch: submission.id, live, signal, timings },
    (report) => isSettled(report) || report.hold !== null,
  );
  // Rejects before it is awaited on Ctrl-C while another producer has the batch.
  following.catch(() => undefined);
  try {
    const acting = actingOf(context, store);
    const submitted = await submitList(acting, submission, { action: 'run', lifted, changes });
    io.stderr.write(submittedText(submitted, submission.notify !== undefined));
    if (submitted.already) io.stderr.write('submitted before: continuing\n');
    return (await following).report;
  } catch (error) {
    stop.abort();
    await following.catch(() => undefined);
    throw error;
  } finally {
    live.end('clear');
  }
}

/** Running requests finish first, so that the report has their results. */
async function afterDrain(
  { io }: Context,
  { store, workers, seen }: { store: Store; workers: RunningWorkers; seen: Report },
): Promise<Report> {
  if (io.interrupt.aborted) io.stderr.write(draining);
  await workers.close();
  return reportOf(store.ledger, seen.batchId, Date.now());
}

async function conclude(
  { io }: Context,
  { store, report, flags }: { store: Store; report: Report; flags: SubmissionFlags },
): Promise<number> {
  const hold = await readHold(store.ledger);
  const { stuck } = await readBatch(store.ledger, report.batchId);
  const causes = await causesOf(store.ledger, report.batchId);
  const rejections = await rejectionsOf(store.ledger, report.batchId);
  const text =
    reportText(report, { hold, gateDetail: stuck?.detail }) +
    reasonsText({ report, causes, rejections });
  io.stdout.write(flags.json ? `${jsonText(report)}\n` : text);
  const status = exitStatus(report, { strict: flags.strict === true });
  if (status === exit.interrupted) io.stderr.write(continues);
  else if (!flags.json && isOver(report)) {
    io.stderr.write(`every row: onboard report ${report.batchId} --format csv\n`);
  }
  return status;
}

/**
 * 0 everybody is well, 3 people failed, have another role than asked or no mail (with --strict
 * also: were rejected), 4 held, or the portal does not take the invite, 130 not over.
 */
export function exitStatus(report: Report, options: { strict: boolean }): number {
  if (report.hold !== null || isStuck(report.gate)) return exit.held;
  if (!isSettled(report)) return exit.interrupted;
  const rejected = options.strict ? report.rejected : 0;
  const { failed, otherRole, unmailed } = report;
  return failed + otherRole + unmailed + rejected > 0 ? exit.someFailed : exit.ok;
}
