import { type Batch, readBatch } from '../ledger/batch/batches.ts';
import { roundTimes } from '../ledger/batch/samples.ts';
import { isoTime } from '../ledger/iso-time.ts';
import { holderOf } from '../ledger/rows/claims.ts';
import { inviteTime, roundOf } from '../ledger/rows/person-rows.ts';
import { rowCells } from '../ledger/rows/row-cells.ts';
import { decodeOutcome, type RowOutcome } from '../ledger/rows/row-codec.ts';
import type { RowState } from '../ledger/rows/row-state.ts';
import { rowsAt } from '../ledger/rows/rows-at.ts';
import { type StoredRow, toReportRow } from '../ledger/rows/stored-rows.ts';
import { childId } from '../queue/job-id.ts';
import type { Readable } from './overview.ts';

/** Something that happened to a row. `at` is ISO 8601 by Redis' clock; null where it is unknown. */
export interface Happening {
  at: string | null;
  kind: 'recorded' | 'earlier-round' | 'looking-up' | 'settled' | 'invited' | 'asked-again';
  round: number;
  code?: string | undefined;
  reason?: string | undefined;
  attempts?: number | undefined;
  state?: RowState | string | undefined;
}

/** Everything about one row: what the file says, and what became of it, oldest first. */
export type RowStory = NonNullable<Awaited<ReturnType<typeof readRowStory>>>;

/**
 * Reads the story of a row, in six commands; undefined when the batch has no such row.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function readRowStory(readable: Readable, batchId: string, row: number) {
  const { ledger } = readable;
  const [batch, { rows }, invitedAt, rounds] = await Promise.all([
    readBatch(ledger, batchId),
    rowsAt(ledger, batchId, { rows: [row] }),
    inviteTime(ledger, batchId),
    roundTimes(ledger, batchId),
  ]);
  const [stored] = rows;
  if (stored === undefined) return undefined;
  const outcome = decodeOutcome(stored.outcome);
  const { code = '', reason = '' } = outcome;
  const report = toReportRow(stored);
  const cells = rowCells(stored);
  const round = roundOf(batch, stored.state, outcome);
  return {
    ...report,
    batchId,
    batchState: batch.state,
    row,
    firstName: cells.first_name,
    lastName: cells.last_name,
    culture: cells.culture,
    comment: cells.comment,
    /** Everything that is wrong with a rejected row. */
    faults: outcome.faults ?? [],
    round,
    /** The role of the account, where another one was asked for. */
    role: outcome.role,
    /** The row that has this person, for one that another batch or an earlier row has. */
    other: await holderOf(ledger, { batch: batchId, email: cells.email, code, reason }),
    attempt: await attemptOf(readable, { batch: batchId, round, row, state: stored.state }),
    timeline: [
      recorded(batch, stored, outcome),
      ...earlier(outcome, round, rounds),
      ...now(stored, outcome, round),
      ...(stored.invited ? [{ kind: 'invited' as const, at: invitedAt, round }] : []),
    ] satisfies Happening[],
  };
}

/** Attempts of a pending row so far, and the code of the last failure; undefined before the first. */
async function attemptOf(
  { queues }: Readable,
  { state, ...ref }: { batch: string; round: number; row: number; state: RowState },
) {
  if (state !== 'pending') return undefined;
  const job = await queues.createUser.getJob(childId(ref));
  if (job === undefined || job.attemptsMade === 0) return undefined;
  return { number: job.attemptsMade, code: job.failedReason ?? '' };
}

function recorded(batch: Batch, { state }: StoredRow, outcome: RowOutcome): Happening {
  const at = isoTime(batch.acceptedAt);
  if (state !== 'rejected' && state !== 'duplicate') return { kind: 'recorded', at, round: 1 };
  const { code, reason } = outcome;
  return { kind: 'recorded', at, round: 1, state, code, reason };
}

/** Earlier rounds, each followed by the retry that opened the next one for this row. */
function earlier(
  { history = [] }: RowOutcome,
  present: number,
  rounds: readonly { round: number; at: number }[],
): Happening[] {
  return history.flatMap(({ at, round, state, code, reason, attempts }, index): Happening[] => {
    const next = history[index + 1]?.round ?? present;
    const began = isoTime(rounds.find((each) => each.round === next)?.at);
    return [
      { kind: 'earlier-round', at: isoTime(at), round, state, code, reason, attempts },
      { kind: 'asked-again', at: began, round: next },
    ];
  });
}

/** How the present round ended for the row, or why it is being looked up. */
function now({ state }: StoredRow, outcome: RowOutcome, round: number): Happening[] {
  const { at, code, reason, attempts, doubt } = outcome;
  if (state === 'rejected' || state === 'duplicate' || state === 'later') return [];
  if (state !== 'pending') {
    return [{ kind: 'settled', at: isoTime(at), round, state, code, reason, attempts }];
  }
  if (doubt === undefined) return [];
  const { code: lost, reason: words } = doubt;
  return [{ kind: 'looking-up', at: isoTime(doubt.at), round, code: lost, reason: words }];
}
