import type { Writable } from 'node:stream';
import { OnboardError } from '../errors.ts';
import { type BatchState, isKept, readBatch } from '../ledger/batches.ts';
import type { Check } from '../preflight/check.ts';
import { Lookup } from '../preflight/look-up.ts';
import { makePlan, type Plan } from '../preflight/plan.ts';
import { hasLookup, isPlanId, movedParts } from '../preflight/plan-id.ts';
import { checksText } from './check.ts';
import { type Context, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { type LedgerStore, openIfThere } from './open-ledger.ts';
import { nextText, type PlannedBatch, planOpening, planText, rowLine } from './plan-text.ts';
import { checksFor } from './preflight.ts';
import {
  ignoredLines,
  overridesOf,
  type Prepared,
  prepareSubmission,
  type SubmissionFlags,
} from './submission.ts';

/** The flags of a plan, beside those of a submission. */
export interface PlanFlags extends SubmissionFlags {
  lookup?: boolean;
  plan?: string;
}

/**
 * `onboard run|submit --dry-run`: reads and checks everything, says what would happen and writes
 * nothing. Exit status 4 when a fault would stop the submission, 3 with `--strict` and rejected rows.
 */
export function dryRun(
  io: Io,
  { verb, files }: { verb: 'run' | 'submit'; files: readonly string[] },
  flags: PlanFlags,
): Promise<number> {
  const needs =
    verb === 'run' || flags.lookup ? (['portal', 'key'] as const) : (['portal'] as const);
  const wants = { needs, logLevel: 'warn' as const, overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const prepared = await prepareSubmission(context, files, flags);
    io.stderr.write(ignoredLines(prepared.source));
    const store = await openIfThere(context);
    const checks = await checksFor(context, { store, portal: prepared.portal, prepared });
    const out = flags.json ? jsonPrinter(io.stdout) : textPrinter(io.stdout);
    const plan = await planFor(context, { prepared, store, flags, turnedAway: out.row });
    const batch = { id: prepared.submission.id, state: await stateOf(store, prepared) };
    await out.end({ ...plan, batch }, checks);
    if (checks.some(({ level }) => level === 'fault')) return exit.held;
    return flags.strict === true && plan.rejected > 0 ? exit.someFailed : exit.ok;
  });
}

/** The state of the batch that these files and options make; null when it is new. */
async function stateOf(
  store: LedgerStore | undefined,
  { submission: { id } }: Prepared,
): Promise<BatchState | null> {
  if (store === undefined || !(await isKept(store.ledger, id))) return null;
  return (await readBatch(store.ledger, id)).state;
}

type TurnedAway = Parameters<typeof makePlan>[0]['turnedAway'];

interface Wanted {
  prepared: Prepared;
  store: LedgerStore | undefined;
  flags: PlanFlags;
  turnedAway: TurnedAway;
}

function planFor(context: Context, { prepared, store, flags, turnedAway }: Wanted): Promise<Plan> {
  const { config, io } = context;
  const { portal, source, submission } = prepared;
  const { requestsPerMinute, concurrency } = config;
  const asking = { portal, requestsPerMinute, concurrency, signal: io.interrupt };
  return makePlan({
    submission,
    defaultType: flags.type,
    content: source.digest,
    ledger: store?.ledger,
    lookup: flags.lookup ? new Lookup(asking) : undefined,
    requestsPerMinute,
    turnedAway,
    progress: progressOn(io, source.rows),
  });
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
 * Holds a submission against the plan that was made for it, before anything is written.
 * @throws {OnboardError} E_USAGE for what is no plan id, E_PLAN_MOVED with the parts that differ.
 */
export async function checkPlan(
  context: Context,
  store: LedgerStore,
  { prepared, flags }: { prepared: Prepared; flags: PlanFlags },
): Promise<void> {
  const { plan: planned } = flags;
  if (planned === undefined) return;
  if (!isPlanId(planned)) {
    const text = `--plan ${planned}: this is no plan; --dry-run prints one, as p1-…`;
    throw new OnboardError('E_USAGE', text);
  }
  const turnedAway = () => Promise.resolve();
  const asked = { ...flags, lookup: hasLookup(planned) };
  const { id } = await planFor(context, { prepared, store, flags: asked, turnedAway });
  if (id === planned) return;
  const moved = movedParts(planned, id).map((part) => movedWords[part] ?? part);
  const text = `nothing was submitted: since the plan, ${moved.join(' and ')}; look with --dry-run again`;
  throw new OnboardError('E_PLAN_MOVED', text, { details: { planned, found: id } });
}

const movedWords: Readonly<Record<string, string>> = {
  input: 'the files have changed',
  options: 'the options are others',
  portal: 'the portal is another one',
  counts: 'other rows are accepted (other batches, or the rule for names of the portal)',
  present: 'other people have an account',
};

interface Printer {
  row: TurnedAway;
  end(plan: Plan & { batch: PlannedBatch }, checks: readonly Check[]): Promise<void>;
}

function textPrinter(stream: Writable): Printer {
  return {
    row: (row) => put(stream, rowLine(row)),
    end: (plan, checks) => {
      const worth = checks.filter(({ level }) => level !== 'ok');
      const remarks = worth.length === 0 ? '' : checksText(worth);
      return put(stream, `${planText(plan)}${remarks}${nextText(plan)}`);
    },
  };
}

/** One JSON object, its rows written as they are found. */
function jsonPrinter(stream: Writable): Printer {
  let separator = planOpening;
  return {
    row: async (row) => {
      await put(stream, `${separator}${JSON.stringify(row)}`);
      separator = ',';
    },
    end: (plan, checks) => {
      const opening = separator === ',' ? '' : separator;
      const rest = JSON.stringify({ ...plan, checks }).slice(1);
      return put(stream, `${opening}],${rest}\n`);
    },
  };
}

/** A reader that is slow must not fill the memory. */
function put(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
