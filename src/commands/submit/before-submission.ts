import { refusePastInvite } from '../../batch/past-invite.ts';
import type { Context } from '../context.ts';
import type { StoreRole } from '../open/ledger-store.ts';
import { openStore, type Store } from '../open/store.ts';
import { remarksText } from '../text/remarks-text.ts';
import { checkPlan } from './dry-run.ts';
import { type Grouped, makeGroupsFor } from './groups-before.ts';
import { preflight } from './preflight.ts';
import { ignoredLines, type Prepared, prepareFiles, type SubmissionFlags } from './prepare.ts';

interface Submitting {
  files: readonly string[];
  flags: SubmissionFlags;
  role: StoreRole;
  /** Throws when the submission may not begin; called before anything is made on the portal. */
  admit?: (store: Store) => Promise<void>;
}

/**
 * Everything before a submission: reads the files, opens Redis, checks Redis and the portal against
 * the needs of the batch, and the batch against the plan, if one is given.
 * Missing groups are made last, where that was asked for.
 * @throws {OnboardError} E_FILE_…, E_USAGE, E_REDIS_…, E_DATA_DIR…, E_PREFLIGHT, E_PLAN_MOVED,
 * E_GROUP_…
 */
export async function beforeSubmission(
  context: Context,
  { files, flags, role, admit }: Submitting,
): Promise<Prepared & { store: Store }> {
  const prepared = await prepareFiles(context, files, flags);
  context.io.stderr.write(ignoredLines(prepared));
  const store = await openStore(context, role);
  await refusePastInvite(store.ledger, prepared.submission, Date.now());
  await preflight(context, store, prepared);
  await admit?.(store);
  const check = (grouped: Grouped) => checkPlan(context, store, grouped);
  const grouped = await makeGroupsFor(context, store, prepared, check);
  const known = new Set(prepared.submission.remarks);
  const more = grouped.submission.remarks?.filter((remark) => !known.has(remark)) ?? [];
  context.io.stderr.write(remarksText(more));
  return { ...grouped, store };
}
