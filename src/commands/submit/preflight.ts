import { OnboardError } from '../../errors.ts';
import { hasBatch } from '../../ledger/batch/batches.ts';
import type { Portal } from '../../portal/client.ts';
import { askPortal, type PortalFacts } from '../../preflight/ask-portal.ts';
import { assess, type Findings } from '../../preflight/assess.ts';
import { type Check, tolerate } from '../../preflight/check-result.ts';
import { lengthMatters, longestInvite } from '../../preflight/invite-length.ts';
import { type BatchNeeds, countTypes, typesMatter } from '../../preflight/submission-needs.ts';
import { line, printable } from '../../printable.ts';
import { perSecondOf } from '../../queue/pace.ts';
import { readServerFacts } from '../../redis/connection/server-facts.ts';
import { type Refused, tryCommands } from '../../redis/connection/trial.ts';
import type { Context } from '../context.ts';
import type { LedgerStore } from '../open/ledger-store.ts';
import { openPortal } from '../open/portal-client.ts';
import type { Prepared } from './prepare.ts';

/** Redis, unless it is still to be started or cannot be opened, and the submission, if any. */
interface Subject {
  /** A client that is open already, so that no other is opened. */
  portal?: Portal | undefined;
  store: LedgerStore | OnboardError | undefined;
  prepared: Prepared | undefined;
}

/** Reads facts about Redis and the portal, and checks them against what a submission needs. */
export async function checksFor(context: Context, subject: Subject): Promise<Check[]> {
  const { config, io } = context;
  const { now } = Date;
  const { origin } = config.portalUrl;
  const asking = { origin, hasKey: config.apiKey() !== '', now, timings: io.timings };
  const [redis, refused, portal] = await Promise.all([
    factsOf(subject.store),
    refusedBy(context, subject.store),
    askPortal(subject.prepared?.portal ?? subject.portal ?? openPortal(context), asking),
  ]);
  const needs = await needsOf(context, subject, portal);
  return assess({ redis, refused, portal, needs, now: now() });
}

async function factsOf(store: Subject['store']): Promise<Findings['redis']> {
  if (store === undefined) return 'to-be-started';
  return store instanceof OnboardError ? store : readServerFacts(store.redis);
}

async function refusedBy({ config }: Context, store: Subject['store']): Promise<Refused[]> {
  const isOpen = store !== undefined && !(store instanceof OnboardError);
  return isOpen ? tryCommands(store.redis, config.prefix) : [];
}

async function needsOf(
  { config }: Context,
  { store, prepared }: Subject,
  facts: PortalFacts,
): Promise<BatchNeeds | undefined> {
  if (prepared === undefined) return undefined;
  const { source, submission } = prepared;
  const { rows } = source;
  const hasLedger = store !== undefined && !(store instanceof OnboardError);
  const isKnown = hasLedger && (await hasBatch(store.ledger, submission.id));
  const { inviteType, inviteSize } = submission;
  const longest = lengthMatters(rows, submission)
    ? await longestInvite(submission.rows(), submission)
    : undefined;
  const types = typesMatter(facts, rows) ? await countTypes(submission.rows()) : new Map();
  const perSecond = perSecondOf(config.requestsPerMinute);
  const durationMs = (rows / perSecond) * 1000;
  const { groups: mode, group = [] } = submission;
  const groups = mode && { mode, isForAll: group.length > 0 };
  const ofInvite = { inviteType, inviteSize, longestInvite: longest };
  return { rows, newRows: isKnown ? 0 : rows, types, ...ofInvite, durationMs, groups };
}

/**
 * Checks before a submission. Warnings go to standard error, except about what could not be
 * checked; a fault stops the submission before anything is written. A portal that is unreachable is
 * no fault, because workers wait for it. Nothing is a fault for a batch that exists: it continues,
 * or is held. `--no-check` asks nothing.
 * @throws {OnboardError} E_PREFLIGHT with every fault and its remedy.
 */
export async function preflight(
  context: Context,
  store: LedgerStore,
  prepared: Prepared,
): Promise<void> {
  if (prepared.flags.check === false) return;
  const found = await checksFor(context, { store, prepared });
  const isKnown = await hasBatch(store.ledger, prepared.submission.id);
  const checks = isKnown ? softened(found) : tolerate(found, ['outage']);
  for (const check of checks) {
    if (check.level === 'warning' && !check.unchecked)
      context.io.stderr.write(`warning: ${sentence(check)}\n`);
  }
  const faults = checks.filter(({ level }) => level === 'fault');
  if (faults.length === 0) return;
  const lines = faults.map((check) => `  ${sentence(check)}`).join('\n');
  const text = `nothing was submitted:\n${lines}\n  --no-check submits anyway`;
  throw new OnboardError('E_PREFLIGHT', text, { details: { checks: faults.map((f) => f.check) } });
}

function softened(checks: readonly Check[]): Check[] {
  return checks.map((each) => (each.level === 'fault' ? { ...each, level: 'warning' } : each));
}

function sentence({ what, remedy }: Check): string {
  return remedy === undefined ? printable(what) : line`${what}: ${remedy}`;
}

/** A line for each check, and the remedy below a warning or a fault. */
export function checksText(checks: readonly Check[]): string {
  const lines: string[] = [];
  for (const { level, what, detail, remedy } of checks) {
    lines.push(line`${level.padEnd(8)} ${what}`);
    if (detail !== undefined) lines.push(line`${' '.repeat(9)}${detail}`);
    if (remedy !== undefined) lines.push(line`${' '.repeat(9)}what to do: ${remedy}`);
  }
  return `${lines.join('\n')}\n`;
}
