import { z } from 'zod';
import { OnboardError } from '../errors.ts';
import { emailIdentity } from '../person.ts';
import { type Batch, type BatchState, readBatch } from './batches.ts';
import { type Sighting, sightings } from './email-index.ts';
import { bucketOf, type RowState, rowStates } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { emailHash } from './record-rows.ts';
import { type ReportRow, toReportRow } from './report-rows.ts';
import { outcomeSchema, parseJson, type RowOutcome } from './rows.ts';

/** Rows read together. */
const ROWS_AT_ONCE = 100;

/** What became of a row in an earlier round. */
interface Earlier {
  round: number;
  state: string;
  code: string;
  reason: string;
  attempts: number;
  settledAt: string | null;
}

/** A row of a person, with the batch that it is in. Times are ISO 8601, by Redis' clock. */
export interface PersonRow extends ReportRow {
  batchId: string;
  batchState: BatchState;
  portal: string;
  /** When the batch was accepted. */
  startedAt: string;
  /** The round that the row was settled in, or that it waits in. */
  round: number;
  /** null before the end, and for rows that ended in intake or were cancelled. */
  settledAt: string | null;
  /** null unless the row was in the only request that the portal accepted. */
  invitedAt: string | null;
  /** Earlier rounds, oldest first. */
  history: Earlier[];
}

/**
 * Every row of a person in every batch that is kept, newest batch first: also those that were
 * rejected or duplicates. Addresses are compared by identity: without case, in one Unicode form.
 */
export async function* personRows(ledger: Ledger, email: string): AsyncGenerator<PersonRow> {
  const identity = emailIdentity(email);
  for await (const sighting of sightings(ledger, emailHash(email))) {
    const batch = await readIfKept(ledger, sighting);
    if (batch === undefined) continue;
    const invitedAt = await inviteTime(ledger, batch.id);
    for (let first = 0; first < sighting.rows.length; first += ROWS_AT_ONCE) {
      const some = sighting.rows.slice(first, first + ROWS_AT_ONCE);
      const rows = await Promise.all(some.map((row) => readOne(ledger, { batch, row, invitedAt })));
      for (const row of rows) if (emailIdentity(row.email) === identity) yield row;
    }
  }
}

/** A purge may be at work. */
async function readIfKept(ledger: Ledger, { batch }: Sighting): Promise<Batch | undefined> {
  try {
    return await readBatch(ledger, batch);
  } catch (error) {
    if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') return undefined;
    throw error;
  }
}

const requestSchema = z.object({ at: z.number(), known: z.boolean() });

/** When the batch's invite was sent; null when there were several, of which any may be a row's. */
async function inviteTime({ redis, keys }: Ledger, batch: string): Promise<string | null> {
  const texts = await redis.lrange(keys.invites(batch), 0, -1);
  const accepted = texts.flatMap((text) => {
    const { data } = requestSchema.safeParse(parseJson(text));
    return data?.known ? [data] : [];
  });
  return accepted.length === 1 ? isoTime(accepted[0]?.at) : null;
}

interface Wanted {
  batch: Batch;
  row: number;
  invitedAt: string | null;
}

async function readOne(ledger: Ledger, { batch, row, invitedAt }: Wanted): Promise<PersonRow> {
  const { redis, keys } = ledger;
  const [input, text, invited, ...bits] = await Promise.all([
    redis.hget(keys.rows(batch.id) + bucketOf(row), String(row)),
    redis.hget(keys.outcomes(batch.id) + bucketOf(row), String(row)),
    redis.getbit(keys.invited(batch.id), row),
    ...rowStates.map((state) => redis.getbit(keys.is(batch.id) + state, row)),
  ]);
  // The rows of a slice are in some state always; between two answers of a move, the later one.
  const state = rowStates.findLast((_, index) => bits[index] === 1) ?? 'pending';
  const outcome = outcomeSchema.safeParse(parseJson(text)).data ?? {};
  const found = { state, invited: invited === 1, input: input ?? undefined };
  return {
    ...toReportRow({ ...found, row, outcome: text ?? undefined }),
    batchId: batch.id,
    batchState: batch.state,
    portal: batch.portal,
    startedAt: new Date(batch.acceptedAt).toISOString(),
    round: roundOf(batch, state, outcome),
    settledAt: isoTime(outcome.at),
    invitedAt: invited === 1 ? invitedAt : null,
    history: (outcome.history ?? []).map(earlierOf),
  };
}

function roundOf(batch: Batch, state: RowState, outcome: RowOutcome): number {
  const last = outcome.history?.at(-1)?.round ?? 0;
  if (state === 'pending') return batch.round;
  return outcome.round ?? Math.max(1, last + 1);
}

function earlierOf(end: NonNullable<RowOutcome['history']>[number]): Earlier {
  const { round, state, code = '', reason = '', attempts = 0, at } = end;
  return { round, state, code, reason, attempts, settledAt: isoTime(at) };
}

function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
