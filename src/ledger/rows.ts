import { z } from 'zod';
import { personSchema } from '../person.ts';
import { byteRange, setPositions } from './bitmap.ts';
import { bucketOf, NO_CODE, type RowState } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { runScript } from './script.ts';
import { writeOutcome } from './scripts.ts';

/** Rows looked at together; 8 divides it, so that slices of the bitmaps end on a byte. */
export const SLICE_ROWS = 1000;

const placeSchema = z.object({ file: z.string(), line: z.number() });
const inputSchema = placeSchema.extend({ person: personSchema });

const doubtSchema = z.object({
  /**
   * `posting`: a POST was begun and no answer is known; `refused`: the portal said no for a reason
   * that does not tell whether the account exists; `conflict`: it lost a race on the portal.
   */
  kind: z.enum(['posting', 'refused', 'conflict']),
  code: z.string().optional(),
  reason: z.string().optional(),
  /** When the request was sent, or ended without an answer: ms since the epoch. */
  at: z.number().optional(),
  /** Looks that ended without an answer. */
  looks: z.number().optional(),
});
/** Why a row must be looked up on the portal before anything else is done for it. */
export type Doubt = z.infer<typeof doubtSchema>;

const endSchema = z.object({
  state: z.string(),
  round: z.number(),
  code: z.string().optional(),
  reason: z.string().optional(),
  attempts: z.number().optional(),
  /** When the row came to it: ms of Redis' clock. */
  at: z.number().optional(),
});

export const outcomeSchema = z.object({
  /** When the row was settled: ms of Redis' clock, */
  at: z.number().optional(),
  /** and in which round, unless that was the first. */
  round: z.number().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
  portalId: z.string().optional(),
  attempts: z.number().optional(),
  warnings: z.array(z.string()).optional(),
  doubt: doubtSchema.optional(),
  /** What became of the row in earlier rounds, oldest first. */
  history: z.array(endSchema).optional(),
});
/** What is known of a row beside its state: reason, portal id, attempts, doubt. */
export type RowOutcome = z.infer<typeof outcomeSchema>;

/** One row in one round. */
export interface RowRef {
  batch: string;
  round: number;
  row: number;
}

type RowInput = z.infer<typeof inputSchema>;
export type PendingRow =
  | { state: 'settled' }
  | { state: 'unreadable'; reason: string }
  | {
      state: 'pending';
      input: RowInput;
      outcome: RowOutcome;
      /** Origin of the portal that the batch is for. */
      portal: string;
      /** When the batch was accepted, ms of Redis' clock. */
      acceptedAt: number;
      /** The same by the portal's clock, where it told the time. */
      acceptedOnPortal?: number;
      /** The batch is being cancelled: nobody is created any more. */
      cancelling: boolean;
    };

/** Reads one row for work: settled (in this round or since), unreadable, or pending with its data. */
export async function readRow(ledger: Ledger, ref: RowRef): Promise<PendingRow> {
  const { keys, redis } = ledger;
  const bucket = bucketOf(ref.row);
  const fields = ['round', 'portal', 'acceptedAt', 'acceptedOnPortal', 'cancelling'];
  const [[round, portal, acceptedAt, onPortal, cancelling], pending, input, outcome] =
    await Promise.all([
      redis.hmget(keys.record(ref.batch), ...fields),
      redis.getbit(`${keys.is(ref.batch)}pending`, ref.row),
      redis.hget(keys.rows(ref.batch) + bucket, String(ref.row)),
      redis.hget(keys.outcomes(ref.batch) + bucket, String(ref.row)),
    ]);
  if (round !== String(ref.round) || pending === 0) return { state: 'settled' };
  const read = inputSchema.safeParse(parseJson(input));
  if (!read.success) {
    const fields = read.error.issues.map((issue) => issue.path.join('.') || 'row');
    return { state: 'unreadable', reason: `The ledger's copy is damaged: ${fields.join(', ')}.` };
  }
  const known = outcomeSchema.safeParse(parseJson(outcome) ?? {});
  const batch = {
    portal: portal ?? '',
    acceptedAt: Number(acceptedAt),
    cancelling: cancelling !== null,
    ...(onPortal ? { acceptedOnPortal: Number(onPortal) } : {}),
  };
  return { state: 'pending', input: read.data, outcome: known.data ?? {}, ...batch };
}

/** Notes something of a row that stays pending. False when it is settled already. */
export async function noteRow(ledger: Ledger, ref: RowRef, outcome: RowOutcome): Promise<boolean> {
  return write(ledger, ref, { outcome });
}

/**
 * Settles a row: once per round, whoever calls. False when it was settled already.
 */
export async function settleRow(
  ledger: Ledger,
  ref: RowRef,
  end: { state: RowState; outcome: RowOutcome },
): Promise<boolean> {
  return write(ledger, ref, end);
}

async function write(
  ledger: Ledger,
  { batch, round, row }: RowRef,
  change: { state?: RowState; outcome: RowOutcome },
): Promise<boolean> {
  const { keys: of } = ledger;
  const { state, outcome } = change;
  const bitmaps = of.is(batch);
  const ofEnd = [of.settled(batch), of.causes(batch), of.because(batch)];
  const keys = [
    of.record(batch),
    `${bitmaps}pending`,
    of.outcomes(batch) + bucketOf(row),
    ...(state === undefined ? [] : [bitmaps + state, ...ofEnd]),
  ];
  const cause = state === 'failed' ? [outcome.code ?? NO_CODE] : [];
  const args = [round, row, JSON.stringify(outcome), ...cause];
  return (await runScript(ledger.redis, writeOutcome, { keys, args })) === 1;
}

/** Adds a remark to a row, settled or not; one that is there already is not repeated. */
export async function remark(
  ledger: Ledger,
  { batch, row }: Omit<RowRef, 'round'>,
  warning: string,
): Promise<void> {
  const key = ledger.keys.outcomes(batch) + bucketOf(row);
  const text = await ledger.redis.hget(key, String(row));
  const outcome = outcomeSchema.safeParse(parseJson(text)).data ?? {};
  const warnings = new Set([...(outcome.warnings ?? []), warning]);
  await ledger.redis.hset(key, row, JSON.stringify({ ...outcome, warnings: [...warnings] }));
}

/** The batch's rows in `state`, ascending, in slices of at most 1,000. */
export async function* rowsIn(
  ledger: Ledger,
  batch: string,
  state: RowState,
): AsyncGenerator<number[]> {
  // Recording a row writes its bit in `pending`, set or not, so that bitmap spans all rows.
  const end = (await ledger.redis.strlen(`${ledger.keys.is(batch)}pending`)) * 8;
  for (let first = 0; first < end; first += SLICE_ROWS) {
    const range = byteRange(first, SLICE_ROWS);
    const bytes = await ledger.redis.getrangeBuffer(ledger.keys.is(batch) + state, ...range);
    const rows = setPositions(bytes, first);
    if (rows.length > 0) yield rows;
  }
}

/** Parses what the ledger stored; undefined for nothing or for damaged text. */
export function parseJson(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
