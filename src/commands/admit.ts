import type { Context } from './context.ts';
import { openStore, type Store } from './open.ts';
import { checkPlan, type PlanFlags } from './plan.ts';
import { preflight } from './preflight.ts';
import { ignoredLines, type Prepared, prepareSubmission } from './submission.ts';

interface Wanted {
  files: readonly string[];
  flags: PlanFlags;
  role: 'owner' | 'guest';
}

/**
 * Everything that comes before a submission: the files are read, Redis is opened, and what is there is
 * held against the batch's needs and against the plan, if one is given.
 * @throws {OnboardError} E_FILE_…, E_USAGE, E_REDIS_…, E_DATA_DIR…, E_PREFLIGHT, E_PLAN_MOVED
 */
export async function admit(
  context: Context,
  { files, flags, role }: Wanted,
): Promise<Prepared & { store: Store }> {
  const prepared = await prepareSubmission(context, files, flags);
  context.io.stderr.write(ignoredLines(prepared.source));
  const store = await openStore(context, role);
  await preflight(context, store, { prepared, flags });
  await checkPlan(context, store, { prepared, flags });
  return { ...prepared, store };
}
