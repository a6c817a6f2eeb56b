import { refusePastInvite } from '../../batch/past-invite.ts';
import type { Context } from '../context.ts';
import type { StoreRole } from '../open/ledger-store.ts';
import { openStore, type Store } from '../open/store.ts';
import { checkPlan } from './dry-run.ts';
import { preflight } from './preflight.ts';
import { ignoredLines, type Prepared, prepareFiles, type SubmissionFlags } from './prepare.ts';

/**
 * Everything before a submission: reads the files, opens Redis, checks Redis and the portal against
 * the needs of the batch, and the batch against the plan, if one is given.
 * @throws {OnboardError} E_FILE_…, E_USAGE, E_REDIS_…, E_DATA_DIR…, E_PREFLIGHT, E_PLAN_MOVED
 */
export async function beforeSubmission(
  context: Context,
  { files, flags, role }: { files: readonly string[]; flags: SubmissionFlags; role: StoreRole },
): Promise<Prepared & { store: Store }> {
  const prepared = await prepareFiles(context, files, flags);
  context.io.stderr.write(ignoredLines(prepared));
  const store = await openStore(context, role);
  await refusePastInvite(store.ledger, prepared.submission, Date.now());
  await preflight(context, store, prepared);
  await checkPlan(context, store, prepared);
  return { ...prepared, store };
}
