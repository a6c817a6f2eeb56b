import { type Gate, gateOf } from '../invites/gate.ts';
import { isoTime } from '../iso-time.ts';
import type { Ledger } from '../ledger.ts';
import { countAll } from '../lua/count-rows.ts';
import { runScript } from '../lua/script.ts';
import { type RowState, rowStates } from '../rows/row-state.ts';
import { readHold } from '../stops/holds.ts';
import { type BatchState, isOver } from './batch-state.ts';
import { type Batch, readBatch } from './batches.ts';

/** A batch in numbers. Every count is derived from the rows' states when the report is made. */
export interface Report {
  batchId: string;
  state: BatchState;
  /** Code of the hold in force while the batch is unfinished. */
  hold: string | null;
  round: number;
  /** accepted + rejected + duplicates */
  total: number;
  /** pending + created + existing + failed + cancelled */
  accepted: number;
  rejected: number;
  duplicates: number;
  pending: number;
  created: number;
  existing: number;
  failed: number;
  cancelled: number;
  invited: number;
  /** Invite requests that the portal accepted, or may have accepted. */
  inviteRequests: number;
  /** Requests whose answer never came; the same people were then sent again. */
  unansweredInvites: number;
  /** The gate at which the invite waits although every row is settled. */
  gate: { code: Gate['code']; until: string | null } | null;
  startedAt: string;
  finishedAt: string | null;
  durationMs: number;
  /** When names and e-mails were removed; the numbers stay. */
  peopleRemovedAt: string | null;
}

export async function reportOf(ledger: Ledger, id: string, now: number): Promise<Report> {
  const batch = await readBatch(ledger, id);
  const { keys, redis } = ledger;
  const [hold, requests, [invited = 0, ...counts]] = await Promise.all([
    readHold(ledger),
    redis.lrange(keys.invites(id), 0, -1),
    runScript(redis, countAll, {
      keys: { invited: keys.invited(id), states: keys.states(id) },
      list: rowStates,
    }),
  ]);
  const by = Object.fromEntries(rowStates.map((state, index) => [state, counts[index] ?? 0]));
  const sums = sumsOf(by);
  return {
    ...headOf(batch, hold?.code),
    ...sums,
    invited,
    inviteRequests: requests.length,
    unansweredInvites: requests.filter((request) => request.includes('"known":false')).length,
    gate: shownGate(batch, sums, now),
    ...span(batch, now),
  };
}

function shownGate(batch: Batch, sums: ReturnType<typeof sumsOf>, now: number): Report['gate'] {
  if (batch.state !== 'inviting') return null;
  const { accepted, created, existing } = sums;
  const gate = gateOf(batch, { accepted, present: created + existing, now });
  if (gate === undefined) return null;
  return { code: gate.code, until: isoTime(gate.until) };
}

function headOf(batch: Batch, hold: string | undefined) {
  const { id: batchId, state, round } = batch;
  return { batchId, state, hold: isOver(batch) ? null : (hold ?? null), round };
}

function sumsOf(by: Record<string, number>) {
  const of = (state: RowState) => by[state] ?? 0;
  const settled = of('created') + of('existing') + of('failed') + of('cancelled');
  const accepted = settled + of('pending') + of('later');
  return {
    total: accepted + of('rejected') + of('duplicate'),
    accepted,
    rejected: of('rejected'),
    duplicates: of('duplicate'),
    pending: of('pending') + of('later'),
    created: of('created'),
    existing: of('existing'),
    failed: of('failed'),
    cancelled: of('cancelled'),
  };
}

function span(batch: Batch, now: number) {
  return {
    startedAt: new Date(batch.acceptedAt).toISOString(),
    finishedAt: isoTime(batch.finishedAt),
    peopleRemovedAt: isoTime(batch.peopleRemovedAt),
    durationMs: Math.max(0, (batch.finishedAt ?? now) - batch.acceptedAt),
  };
}
