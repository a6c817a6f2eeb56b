import { emailHash } from '../../people/email-hash.ts';
import { emailIdentity } from '../../people/person.ts';
import type { Batch } from '../batch/batches.ts';
import { unlessDamaged } from '../damaged.ts';
import { inviteRequests } from '../invites/invites.ts';
import { isoTime } from '../iso-time.ts';
import type { Ledger } from '../ledger.ts';
import { findBatch } from '../removal/retention.ts';
import { sightings } from './email-index.ts';
import { marksOfRow } from './marks.ts';
import { decodeOutcome, type RowOutcome } from './row-codec.ts';
import { type RowState, rowStates } from './row-state.ts';
import { readTexts } from './rows.ts';
import { toReportRow } from './stored-rows.ts';

/** Rows read together. */
const ROWS_AT_ONCE = 100;

/** A row of a person, with the batch that it is in. Times are ISO 8601, by Redis' clock. */
export type PersonRow = Awaited<ReturnType<typeof readOne>>;

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
      const rows = await Promise.all(some.map((row) => readOne(ledger, batch, { row, invitedAt })));
      for (const row of rows) if (emailIdentity(row.email) === identity) yield row;
    }
  }
}

/** When the batch's invite was sent; null after several, because a row may be in any of them. */
async function inviteTime(ledger: Ledger, batch: string): Promise<string | null> {
  const accepted = (await inviteRequests(ledger, batch)).filter(({ known }) => known);
  return accepted.length === 1 ? isoTime(accepted[0]?.at) : null;
}

async function readOne(
  ledger: Ledger,
  batch: Batch,
  { row, invitedAt }: { row: number; invitedAt: string | null },
) {
  const { redis, keys } = ledger;
  const [texts, marks, invited, ...bits] = await Promise.all([
    readTexts(ledger, batch.id, row),
    marksOfRow(ledger, batch.id, row),
    redis.getbit(keys.invited(batch.id), row),
    ...rowStates.map((state) => redis.getbit(keys.is(batch.id, state), row)),
  ]);
  // A row that moves between two of the replies shows in two states; the later one is right.
  const state = rowStates.findLast((_, index) => bits[index] === 1) ?? 'pending';
  const outcome = decodeOutcome(texts.outcome);
  return {
    ...toReportRow({ ...texts, state, marks, invited: invited === 1 }),
    batchId: batch.id,
    batchState: batch.state,
    portal: batch.portal,
    /** When the batch was accepted. */
    startedAt: new Date(batch.acceptedAt).toISOString(),
    /** The round that the row was settled in, or that it waits in. */
    round: roundOf(batch, state, outcome),
    /** null for rows that are not settled, were rejected at intake, or were cancelled. */
    settledAt: isoTime(outcome.at),
    /** null unless the row was in the only request that the portal accepted. */
    invitedAt: invited === 1 ? invitedAt : null,
    /** How earlier rounds ended for the row, oldest first. */
    history: (outcome.history ?? []).map(earlierOf),
  };
}

function roundOf(batch: Batch, state: RowState, outcome: RowOutcome): number {
  const last = outcome.history?.at(-1)?.round ?? 0;
  if (state === 'pending') return batch.round;
  return outcome.round ?? Math.max(1, last + 1);
}

function earlierOf(end: NonNullable<RowOutcome['history']>[number]) {
  const { round, state, code = '', reason = '', attempts = 0, at } = end;
  return { round, state, code, reason, attempts, settledAt: isoTime(at) };
}
