import { tooManyFailures } from '../ledger/failures.ts';
import { noteRow, type PendingRow, readRow, settleRow } from '../ledger/rows.ts';
import type { CreateUserPayload } from '../queue/payloads.ts';
import { otherPortal } from './about-portal.ts';
import { waitBeforeLook } from './after-create.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import { insist } from './insist.ts';
import { keepClock } from './keep-clock.ts';
import { lookUp } from './look-up.ts';
import type { Outcome, Reaction } from './outcome.ts';
import { reactionTo } from './reaction.ts';

/** A row that is to be worked at, with its place in the ledger. */
interface Work {
  ref: CreateUserPayload;
  row: Extract<PendingRow, { state: 'pending' }>;
}

/**
 * One start of a create-user job: read the row, send at most one request, decide what its answer
 * means (`reactionTo`), write the row. A row in doubt is looked up in one start and, when it is
 * absent, posted in the next, so that the queue's limiter counts requests.
 */
export async function createUser(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const row = await readRow(deps.ledger, ref);
  if (row.state === 'settled') return settledBefore;
  if (row.state === 'unreadable') {
    const outcome = { code: 'row-unreadable', reason: row.reason };
    const end = { kind: 'settle', state: 'failed', outcome } as const;
    return apply(deps, ref, { row: end, outcome: { kind: 'unrecoverable', code: outcome.code } });
  }
  const elsewhere = otherPortal(row.portal, deps.portalOrigin);
  if (elsewhere !== undefined) return elsewhere;
  const { doubt } = row.outcome;
  if (doubt === undefined && row.cancelling) {
    const end = { kind: 'settle', state: 'cancelled', outcome: {} } as const;
    return apply(deps, ref, { row: end, outcome: { kind: 'completed', result: 'cancelled' } });
  }
  if (doubt === undefined) return apply(deps, ref, await post(deps, { ref, row }, attempt));
  const delayMs = waitBeforeLook(doubt, { ...deps, now: deps.now() });
  if (delayMs > 0) return { kind: 'again', delayMs };
  return apply(deps, ref, await lookUp(deps, { batch: ref.batch, row, doubt }, attempt));
}

const settledBefore: Outcome = { kind: 'completed', result: 'settled before' };

/**
 * The doubt is written before the POST, so that a worker killed in between leaves it behind
 * (architecture, rule 3).
 */
async function post(deps: WorkerDeps, { ref, row }: Work, attempt: Attempt): Promise<Reaction> {
  const doubt = { kind: 'posting', at: deps.now() } as const;
  if (!(await noteRow(deps.ledger, ref, { doubt }))) return { outcome: settledBefore };
  const { person } = row.input;
  const verdict = await deps.portal.createPerson(person);
  await deps.pressure.heard(verdict);
  await keepClock(deps, { batch: ref.batch, row });
  const facts = { person, attempt, now: deps.now(), lookUpDelayMs: deps.lookUpDelayMs };
  return reactionTo({ step: 'create', verdict, facts });
}

/** Writes what becomes of the row. A list of which too many fail stops everything. */
async function apply(
  deps: WorkerDeps,
  ref: CreateUserPayload,
  { row, outcome }: Reaction,
): Promise<Outcome> {
  if (row?.kind === 'note') {
    await noteRow(deps.ledger, ref, row.doubt === undefined ? {} : { doubt: row.doubt });
  }
  if (row?.kind === 'settle') {
    await insist(() => settleRow(deps.ledger, ref, row), deps.timings);
    if (row.state === 'failed') await holdAtFailures(deps, ref.batch);
  }
  return outcome;
}

async function holdAtFailures(deps: WorkerDeps, batch: string): Promise<void> {
  const tally = await tooManyFailures(deps.ledger, batch);
  if (tally === undefined) return;
  await deps.pressure.hold({
    code: 'too-many-failures',
    batch,
    reason: `${tally.failed} of ${tally.settled} people of batch ${batch} failed: the list may be wrong as a whole.`,
    remedy: `Look at the reasons (onboard report ${batch}); then go on with the rest, or submit the same files with --max-failures 100.`,
  });
}
