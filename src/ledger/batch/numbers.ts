import type { z } from 'zod';
import { accountTypes, higherTypes, type TypeCounts } from '../../people/account-types.ts';
import { type Gate, gateOf } from '../invites/gate.ts';
import { decodeRequests } from '../invites/invites.ts';
import { isoTime } from '../iso-time.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import { readNumbers } from '../lua/count-rows.ts';
import { runScript } from '../lua/script.ts';
import { type RowMark, rowMarks } from '../rows/marks.ts';
import { type RowState, rowStates } from '../rows/row-state.ts';
import { type Hold, readHold } from '../stops/holds.ts';
import { type BatchState, isOver } from './batch-state.ts';
import { type Batch, toBatch } from './batches.ts';

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
  /** Accepted people by account type; a type without anybody is absent. */
  types: TypeCounts;
  rejected: number;
  duplicates: number;
  pending: number;
  created: number;
  existing: number;
  failed: number;
  cancelled: number;
  invited: number;
  /** Created people whom the portal's invite does not take; they have had their activation mail. */
  notInvitable: number;
  /** Created accounts with another role than was asked for, */
  otherRole: number;
  /** and such that existed before and stay as they are. */
  otherRoleBefore: number;
  /** People who are not in every group that was asked for. */
  groupsMissing: number;
  /** Created people who may have had no activation mail, and whom nothing will mail any more. */
  unmailed: number;
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

/** How many rows failed with one code, and the first of them. */
export interface CauseCount {
  code: string;
  count: number;
  first: number;
}

/** A batch and its numbers at one moment: the causes add up to `report.failed`. */
export interface Numbers {
  batch: Batch;
  report: Report;
  /** The hold of the whole prefix. */
  hold: Hold | undefined;
  /** The most frequent first. */
  causes: CauseCount[];
}

/** @throws {OnboardError} E_BATCH_UNKNOWN, E_LEDGER_DAMAGED */
export async function reportOf(ledger: Ledger, id: string, now: number): Promise<Report> {
  return (await numbersOf(ledger, id, { now })).report;
}

interface Moment {
  /** ms */
  now: number;
  /** The hold, for a caller that reads it for several batches. */
  holding?: Promise<Hold | undefined>;
}

/**
 * Reads a batch and all its numbers in one atomic step.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_LEDGER_DAMAGED
 */
export async function numbersOf(
  ledger: Ledger,
  id: string,
  { now, holding = readHold(ledger) }: Moment,
): Promise<Numbers> {
  const [hold, read] = await Promise.all([
    holding,
    runScript(ledger, readNumbers, { keys: keysOf(ledger, id) }),
  ]);
  const batch = toBatch(id, read.record);
  const causes = read.causes
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
  return { batch, report: toReport(batch, read, { hold, now }), hold, causes };
}

type Read = z.infer<typeof readNumbers.reply>;

function toReport(
  batch: Batch,
  { invites, invited, types, marks, states }: Read,
  { hold, now }: { hold: Hold | undefined; now: number },
): Report {
  const requests = decodeRequests(invites);
  const marked = (mark: RowMark) => marks[rowMarks.indexOf(mark)] ?? 0;
  const of = (state: RowState) => states[rowStates.indexOf(state)] ?? 0;
  const pending = of('pending') + of('later');
  const [created, existing, failed] = [of('created'), of('existing'), of('failed')];
  const accepted = pending + created + existing + failed + of('cancelled');
  return {
    batchId: batch.id,
    state: batch.state,
    hold: isOver(batch) ? null : (hold?.code ?? null),
    round: batch.round,
    total: accepted + of('rejected') + of('duplicate'),
    accepted,
    types: typeCounts(accepted, types),
    rejected: of('rejected'),
    duplicates: of('duplicate'),
    pending,
    created,
    existing,
    failed,
    cancelled: of('cancelled'),
    invited,
    notInvitable: marked('not-invitable') + marked('invite-refused'),
    unmailed: marked('unmailed') + (isOver(batch) ? marked('half-made') + marked('to-mail') : 0),
    groupsMissing: marked('groupless'),
    otherRole: marked('other-role'),
    otherRoleBefore: marked('other-role-before'),
    inviteRequests: requests.length,
    unansweredInvites: requests.filter(({ known }) => !known).length,
    gate: shownGate(batch, { accepted, present: created + existing, now }),
    startedAt: new Date(batch.acceptedAt).toISOString(),
    finishedAt: isoTime(batch.finishedAt),
    peopleRemovedAt: isoTime(batch.peopleRemovedAt),
    durationMs: Math.max(0, (batch.finishedAt ?? now) - batch.acceptedAt),
  };
}

/** `higher` has the number of people of each higher type; the others are Users. */
function typeCounts(accepted: number, higher: readonly number[]): TypeCounts {
  const counts: Record<string, number> = {};
  let users = accepted;
  for (const [index, type] of higherTypes.entries()) {
    counts[type] = higher[index] ?? 0;
    users -= counts[type];
  }
  counts.User = users;
  const named = accountTypes.map((type) => [type, counts[type] ?? 0] as const);
  return Object.fromEntries(named.filter(([, count]) => count > 0));
}

function shownGate(batch: Batch, facts: Parameters<typeof gateOf>[1]): Report['gate'] {
  const gate = batch.state === 'inviting' ? gateOf(batch, facts) : undefined;
  return gate === undefined ? null : { code: gate.code, until: isoTime(gate.until) };
}
