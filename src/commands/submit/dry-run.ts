import { refusePastInvite } from '../../batch/past-invite.ts';
import { OnboardError } from '../../errors.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import { hasBatch } from '../../ledger/batch/batches.ts';
import { findBatch } from '../../ledger/removal/retention.ts';
import { typesBeside } from '../../people/account-types.ts';
import { makePlan, type OnRejected, type Plan } from '../../preflight/make-plan.ts';
import { causesAmong, hasLookup, isPlanId, movedParts } from '../../preflight/plan-id.ts';
import { Lookup } from '../../preflight/probe-accounts.ts';
import { jsonText, line } from '../../printable.ts';
import { type Context, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { type LedgerStore, openIfThere } from '../open/ledger-store.ts';
import { askedOf } from '../text/asked-text.ts';
import { exampleColumns } from './example-columns.ts';
import { type Grouped, groupsFor } from './groups-before.ts';
import { jsonPrinter, textPrinter } from './plan-printer.ts';
import { checksFor } from './preflight.ts';
import { ignoredLines, overridesOf, prepareFiles, type SubmissionFlags } from './prepare.ts';

interface DryRun {
  verb: 'run' | 'submit';
  files: readonly string[];
}

/**
 * `onboard run|submit --dry-run`: reads and checks everything, says what would happen and writes
 * nothing. Exit status 4 after a fault, 3 with `--strict` and rejected rows.
 */
export function dryRun(io: Io, { verb, files }: DryRun, flags: SubmissionFlags): Promise<number> {
  const wants: Wants = { needs: ['portal'], overrides: overridesOf(flags) };
  if (verb === 'run' || flags.lookup) wants.needs = ['portal', 'key'];
  return withContext(io, wants, async (context) => {
    const listed = await prepareFiles(context, files, flags).catch((error: unknown) => {
      if (flags.json) io.stdout.write(errorJson(error));
      throw error;
    });
    io.stderr.write(ignoredLines(listed));
    const store = await openIfThere(context);
    await refusePastInvite(store?.ledger, listed.submission, Date.now());
    const checks = await checksFor(context, { store, prepared: listed });
    const prepared = await groupsFor(context, store, listed);
    const { plan: planned } = flags;
    if (planned !== undefined) refuseNoPlan(planned);
    const out = flags.json ? jsonPrinter(io.stdout) : textPrinter(io.stdout);
    const asked = withLookupOf(prepared, planned);
    const found = await planFor(context, asked, { store, onRejected: out.row });
    const { example, ...plan } = found;
    const columns = exampleColumns(listed.source.columns, example);
    const { id } = prepared.submission;
    const known = store && (await findBatch(store.ledger, id));
    const { remarks = [] } = prepared.submission;
    const batch = { id, state: known?.state ?? null };
    const printed = { ...plan, columns, remarks, batch, asked: askedOf(prepared.submission) };
    await out.end(known && isOver(known) ? { ...printed, estimate: NOTHING } : printed, checks);
    if (planned !== undefined) {
      refuseMoved(planned, plan.id, known !== undefined);
      io[flags.json ? 'stderr' : 'stdout'].write('everything is as planned\n');
    }
    if (checks.some(({ level }) => level === 'fault')) return exit.held;
    return flags.strict === true && plan.rejected > 0 ? exit.someFailed : exit.ok;
  });
}

/** A fault of the list for programs; `headers` of one whose columns have odd names. */
function errorJson(error: unknown): string {
  if (!(error instanceof OnboardError)) return '';
  const { code, message, details } = error;
  return `${jsonText({ error: { code, message, headers: details.headers } })}\n`;
}

function planFor(
  { config, io }: Context,
  { portal, source, submission, flags, found }: Grouped,
  { store, onRejected }: { store: LedgerStore | undefined; onRejected: OnRejected },
): Promise<Plan> {
  const { requestsPerMinute, concurrency } = config;
  const asking = { portal, requestsPerMinute, concurrency, signal: io.interrupt };
  return makePlan({
    submission,
    defaultType: flags.type,
    allowedTypes: typesBeside(flags.type, flags.allowTypes),
    ofGroups: groupsAsked(flags),
    content: source.digest,
    ledger: store?.ledger,
    groups: found,
    lookup: flags.lookup ? new Lookup(asking) : undefined,
    requestsPerMinute,
    onRejected,
    progress: progressOn(io, source.rows),
  });
}

function groupsAsked({ groups = 'existing', group, joinExisting }: SubmissionFlags) {
  return { groups, group, joinExisting };
}

function progressOn({ stderr, timings }: Io, all: number): (rows: number) => void {
  let last = performance.now();
  return (rows) => {
    if (performance.now() - last < timings.planLineMs) return;
    last = performance.now();
    stderr.write(`${rows} of ${all} rows\n`);
  };
}

/**
 * Checks a submission against the plan that was made for it, before anything is written.
 * @throws {OnboardError} E_USAGE for text that is no plan id, E_PLAN_MOVED.
 */
export async function checkPlan(
  context: Context,
  store: LedgerStore,
  prepared: Grouped,
): Promise<void> {
  const { plan: planned } = prepared.flags;
  if (planned === undefined) return;
  refuseNoPlan(planned);
  const onRejected = () => Promise.resolve();
  const { id } = await planFor(context, withLookupOf(prepared, planned), { store, onRejected });
  refuseMoved(planned, id, await hasBatch(store.ledger, prepared.submission.id));
}

function refuseNoPlan(planned: string): void {
  if (isPlanId(planned)) return;
  const text = line`--plan ${planned}: this is not a plan; --dry-run prints one, as p1-…`;
  throw new OnboardError('E_USAGE', text);
}

/** A plan that was made with a lookup is compared with one. */
function withLookupOf(prepared: Grouped, planned: string | undefined): Grouped {
  const lookup = planned === undefined ? prepared.flags.lookup : hasLookup(planned);
  return { ...prepared, flags: { ...prepared.flags, lookup: lookup === true } };
}

function refuseMoved(planned: string, found: string, isStored: boolean): void {
  if (found === planned) return;
  const parts = causesAmong(movedParts(planned, found));
  // People whom this very batch has created are no change from outside.
  const isOwn = isStored && parts.every((part) => part === 'present' || part === 'groups');
  const moved = isOwn ? [OWN] : parts.map((part) => movedWords[part] ?? part);
  const text = `nothing was submitted: since the plan, ${moved.join(' and ')}; run --dry-run again`;
  throw new OnboardError('E_PLAN_MOVED', text, { details: { planned, found } });
}

const OWN = 'this list was submitted, and its people have an account';

/** Requests of a batch that is over. */
const NOTHING = { creations: 0, lookups: 0, invites: 0, durationMs: 0, days: 0 };

const movedWords: Readonly<Record<string, string>> = {
  input: 'the files have changed',
  options: 'the options have changed',
  portal: 'the portal has changed',
  counts: 'other rows are accepted, or read otherwise (other batches, or a rule of the portal)',
  present: 'other people have an account',
  groups: 'the groups of the portal have changed',
};
