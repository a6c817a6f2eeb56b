import { emailHash } from '../../people/email-hash.ts';
import { emailIdentity } from '../../people/person.ts';
import type { Batch } from '../batch/batches.ts';
import { unlessDamaged } from '../damaged.ts';
import { inviteRequests } from '../invites/invites.ts';
import { isoTime } from '../iso-time.ts';
import type { Ledger } from '../ledger.ts';
import { findBatch } from '../removal/retention.ts';
import { sightings } from './email-index.ts';
import { decodeOutcome, type RowOutcome } from './row-codec.ts';
import type { RowState } from './row-state.ts';
import { rowsAt } from './rows-at.ts';
import { type StoredRow, toReportRow } from './stored-rows.ts';

/** Rows read together. */
const ROWS_AT_ONCE = 100;

/** A row of a person, with the batch that it is in. Times are ISO 8601, by Redis' clock. */
export type PersonRow = ReturnType<typeof toPersonRow>;

/**
 * Every row of a person, newest batch first, also rejected rows and duplicates. `onDamaged` receives
 * the batches that cannot be read.
 */
export async function* personRows(
  ledger: Ledger,
  email: string,
  onDamaged: (batch: string) => void,
): AsyncGenerator<PersonRow> {
  const identity = emailIdentity(email);
  for await (const sighting of sightings(ledger, emailHash(email))) {
    const batch = await unlessDamaged(findBatch(ledger, sighting.batch), 'damaged');
    if (batch === 'damaged') onDamaged(sighting.batch);
    // A purge may have removed it meanwhile.
    if (batch === undefined || batch === 'damaged') continue;
    const invitedAt = await inviteTime(ledger, batch.id);
    for (let first = 0; first < sighting.rows.length; first += ROWS_AT_ONCE) {
      const some = sighting.rows.slice(first, first + ROWS_AT_ONCE);
      // Rows that a purge removes meanwhile are not among the answers.
      for (const stored of (await rowsAt(ledger, batch.id, { rows: some })).rows) {
        const row = toPersonRow(batch, stored, invitedAt);
        if (emailIdentity(row.email) === identity) yield row;
      }
    }
  }
}

/** When the batch's invite was sent; null after several, because a row may be in any of them. */
export async function inviteTime(ledger: Ledger, batch: string): Promise<string | null> {
  const accepted = (await inviteRequests(ledger, batch)).filter(({ known }) => known);
  return accepted.length === 1 ? isoTime(accepted[0]?.at) : null;
}

function toPersonRow(batch: Batch, stored: StoredRow, invitedAt: string | null) {
  const outcome = decodeOutcome(stored.outcome);
  return {
    ...toReportRow(stored),
    /** Number of the row in its batch, from 0. */
    row: stored.row,
    batchId: batch.id,
    batchState: batch.state,
    portal: batch.portal,
    /** When the batch was accepted. */
    startedAt: new Date(batch.acceptedAt).toISOString(),
    /** The round that the row was settled in, or that it waits in. */
    round: roundOf(batch, stored.state, outcome),
    /** null for rows that are not settled, were rejected at intake, or were cancelled. */
    settledAt: isoTime(outcome.at),
    /** null unless the row was in the only request that the portal accepted. */
    invitedAt: stored.invited ? invitedAt : null,
    /** How earlier rounds ended for the row, oldest first. */
    history: (outcome.history ?? []).map(earlierOf),
  };
}

/** The round that a row was settled in, or that it waits in. */
export function roundOf(batch: Batch, state: RowState, outcome: RowOutcome): number {
  const last = outcome.history?.at(-1)?.round ?? 0;
  if (state === 'pending') return batch.round;
  return outcome.round ?? Math.max(1, last + 1);
}

function earlierOf(end: NonNullable<RowOutcome['history']>[number]) {
  const { round, state, code = '', reason = '', attempts = 0, at } = end;
  return { round, state, code, reason, attempts, settledAt: isoTime(at) };
}
