import { submitList } from '../../actions/submit-list.ts';
import { type Context, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import type { StoreRole } from '../open/ledger-store.ts';
import { actingOf, openStore, type Store } from '../open/store.ts';
import { checkPlan } from './dry-run.ts';
import { preflight } from './preflight.ts';
import {
  ignoredLines,
  overridesOf,
  type Prepared,
  prepareFiles,
  type SubmissionFlags,
} from './prepare.ts';

type Files = readonly string[];

/** `onboard submit`: the producer only. Prints the batch id; workers elsewhere do the rest. */
export function submitCommand(io: Io, files: Files, flags: SubmissionFlags): Promise<number> {
  const wants: Wants = { needs: ['portal'], overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const { submission, store } = await beforeSubmission(context, { files, flags, role: 'guest' });
    if (flags.concurrency !== undefined) {
      await store.queues.createUser.setGlobalConcurrency(context.config.concurrency);
    }
    const acting = actingOf(context, store);
    const { already, report } = await submitList(acting, submission, { action: 'submit' });
    io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${report.batchId}\n`);
    io.stderr.write(
      already
        ? 'submitted before: nothing was added\n'
        : `${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates\n`,
    );
    return flags.strict === true && report.rejected > 0 ? exit.someFailed : exit.ok;
  });
}

/**
 * Everything before a submission: reads the files, opens Redis, checks Redis and the portal against
 * the needs of the batch, and the batch against the plan, if one is given.
 * @throws {OnboardError} E_FILE_…, E_USAGE, E_REDIS_…, E_DATA_DIR…, E_PREFLIGHT, E_PLAN_MOVED
 */
export async function beforeSubmission(
  context: Context,
  { files, flags, role }: { files: Files; flags: SubmissionFlags; role: StoreRole },
): Promise<Prepared & { store: Store }> {
  const prepared = await prepareFiles(context, files, flags);
  context.io.stderr.write(ignoredLines(prepared.source));
  const store = await openStore(context, role);
  await preflight(context, store, prepared);
  await checkPlan(context, store, prepared);
  return { ...prepared, store };
}
