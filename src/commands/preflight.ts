import { OnboardError } from '../errors.ts';
import { isKept } from '../ledger/batches.ts';
import type { Portal } from '../portal/client.ts';
import { assess, type Findings } from '../preflight/assess.ts';
import { type Check, tolerate } from '../preflight/check.ts';
import { type BatchNeeds, countTypes, typesMatter } from '../preflight/needs.ts';
import { askPortal, type PortalFacts } from '../preflight/portal-facts.ts';
import { paceOf, startsPerSecond } from '../queue/pace.ts';
import { readServerFacts } from '../redis/server-facts.ts';
import type { Context } from './context.ts';
import type { LedgerStore } from './open-ledger.ts';
import type { Prepared } from './submission.ts';

/** What is to be checked: Redis as far as it is there, the portal, and a submission's needs. */
interface Subject {
  store: LedgerStore | OnboardError | undefined;
  portal: Portal;
  prepared?: Prepared | undefined;
}

/** Asks Redis and the portal what they are like, and holds it against what a submission needs. */
export async function checksFor(context: Context, subject: Subject): Promise<Check[]> {
  const { config, io } = context;
  const { now } = Date;
  const { timings } = io;
  const asking = { origin: config.portalUrl.origin, hasKey: config.apiKey() !== '', now, timings };
  const [redis, portal] = await Promise.all([
    factsOf(subject.store),
    askPortal(subject.portal, asking),
  ]);
  const needs = await needsOf(context, subject, portal);
  return assess({ redis, portal, needs, now: now() });
}

async function factsOf(store: Subject['store']): Promise<Findings['redis']> {
  if (store === undefined) return 'to-be-started';
  return store instanceof OnboardError ? store : readServerFacts(store.redis);
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
  const newRows = hasLedger && (await isKept(store.ledger, submission.id)) ? 0 : rows;
  const { inviteType, inviteSize } = submission;
  const types = typesMatter(facts, rows) ? await countTypes(submission.rows()) : new Map();
  const perSecond = startsPerSecond(paceOf(config.requestsPerMinute));
  const size = inviteSize === undefined ? {} : { inviteSize };
  return { rows, newRows, types, inviteType, durationMs: (rows / perSecond) * 1000, ...size };
}

/**
 * Before a submission: warnings are told on standard error (but not what could not be looked at), and a fault stops it before anything is
 * written. A portal that is away is no fault: workers wait for it. Nor is anything for a batch that is
 * there already: it goes on, or is held. `--no-check` asks nothing.
 * @throws {OnboardError} E_PREFLIGHT with every fault and its remedy.
 */
export async function preflight(
  context: Context,
  store: LedgerStore,
  { prepared, flags }: { prepared: Prepared; flags: { check?: boolean } },
): Promise<void> {
  if (flags.check === false) return;
  const found = await checksFor(context, { store, portal: prepared.portal, prepared });
  const isKnown = await isKept(store.ledger, prepared.submission.id);
  const checks = isKnown ? softened(found) : tolerate(found, ['outage']);
  for (const check of checks) {
    if (check.level === 'warning' && !check.unchecked)
      context.io.stderr.write(`warning: ${sentence(check)}\n`);
  }
  const faults = checks.filter(({ level }) => level === 'fault');
  if (faults.length === 0) return;
  const lines = faults.map((check) => `  ${sentence(check)}`).join('\n');
  const text = `nothing was submitted:\n${lines}\n  --no-check submits all the same`;
  throw new OnboardError('E_PREFLIGHT', text, { details: { checks: faults.map((f) => f.check) } });
}

function softened(checks: readonly Check[]): Check[] {
  return checks.map((each) => (each.level === 'fault' ? { ...each, level: 'warning' } : each));
}

function sentence({ what, remedy }: Check): string {
  return remedy === undefined ? what : `${what}: ${remedy}`;
}
