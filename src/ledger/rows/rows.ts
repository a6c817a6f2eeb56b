import { gathered } from '../gathered.ts';
import type { Ledger } from '../ledger.ts';
import { runScript } from '../lua/script.ts';
import { noteOutcome, settleRows } from '../lua/write-outcome.ts';
import { byteRange, setPositions } from './bitmap.ts';
import type { RowMark } from './marks.ts';
import { decodeOutcome, type RowOutcome, type RowTexts, type StoredText } from './row-codec.ts';
import { bucketOf, NO_CODE, type RowState, type settledStates } from './row-state.ts';

/** Rows of a slice; a multiple of 8, so that slices of the bitmaps end on a byte. */
export const SLICE_ROWS = 1000;

/** One row in one round. */
export interface RowRef {
  batch: string;
  round: number;
  row: number;
}

/** Reads input and outcome of one row. */
export async function readTexts(ledger: Ledger, batch: string, row: number): Promise<RowTexts> {
  const [input, outcome] = await Promise.all([
    readInput(ledger, batch, row),
    ledger.redis.hget(ledger.keys.outcomes(batch) + bucketOf(row), String(row)),
  ]);
  return { input, outcome };
}

/** Reads the input of a row alone. */
export async function readInput(ledger: Ledger, batch: string, row: number): Promise<StoredText> {
  return ledger.redis.hget(ledger.keys.rows(batch) + bucketOf(row), String(row));
}

/** Notes something about a row that stays pending. False when it is settled already. */
export async function noteRow(
  ledger: Ledger,
  { batch, round, row }: RowRef,
  outcome: RowOutcome,
): Promise<boolean> {
  return runScript(ledger, noteOutcome, {
    keys: {
      record: ledger.keys.record(batch),
      pending: ledger.keys.is(batch, 'pending'),
      outcomes: ledger.keys.outcomes(batch) + bucketOf(row),
    },
    args: { round, row, outcome: JSON.stringify(outcome) },
  });
}

/** How a round ends for a row. */
export interface RowEnd {
  state: (typeof settledStates)[number];
  outcome: RowOutcome;
  marks?: readonly RowMark[] | undefined;
}

/** Settles a row: once per round for all callers. False when it was settled already. */
export function settleRow(ledger: Ledger, ref: RowRef, end: RowEnd): Promise<boolean> {
  return settleTogether(ledger, { ref, end });
}

const settleTogether = gathered<{ ref: RowRef; end: RowEnd }, boolean>({
  groupOf: ({ ref: { batch, round } }) => `${round} ${batch}`,
  run: async (ledger, items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { batch, round } = first.ref;
    const { keys } = ledger;
    return runScript(ledger, settleRows, {
      keys: {
        record: keys.record(batch),
        pending: keys.is(batch, 'pending'),
        outcomes: keys.outcomes(batch),
        settled: keys.settled(batch),
        causes: keys.causes(batch),
        because: keys.because(batch),
        marks: keys.marks(batch),
        states: keys.states(batch),
        course: keys.course(batch),
      },
      args: { round },
      list: items.flatMap(({ ref, end: { state, outcome, marks = [] } }) => {
        const cause = state === 'failed' ? (outcome.code ?? NO_CODE) : '';
        return [ref.row, state, JSON.stringify(outcome), cause, marks.join(' ')];
      }),
    });
  },
});

/** Adds a warning to a row, settled or not, unless the row has it already. */
export async function remark(
  ledger: Ledger,
  { batch, row }: Omit<RowRef, 'round'>,
  warning: string,
): Promise<void> {
  const key = ledger.keys.outcomes(batch) + bucketOf(row);
  const outcome = decodeOutcome(await ledger.redis.hget(key, String(row)));
  const warnings = new Set([...(outcome.warnings ?? []), warning]);
  await ledger.redis.hset(key, row, JSON.stringify({ ...outcome, warnings: [...warnings] }));
}

/** How many rows of the batch are in a state. */
export async function countRows(ledger: Ledger, batch: string, state: RowState): Promise<number> {
  return ledger.redis.bitcount(ledger.keys.is(batch, state));
}

/** The batch's rows in `state`, ascending, in slices of at most 1,000; slices without any are skipped. */
export async function* rowsIn(
  ledger: Ledger,
  batch: string,
  state: RowState,
): AsyncGenerator<number[]> {
  const { keys, redis } = ledger;
  const key = keys.is(batch, state);
  const end = await rowSpan(ledger, batch);
  let first = 0;
  while (first < end) {
    const range = byteRange(first, SLICE_ROWS);
    const rows = setPositions(await redis.getrangeBuffer(key, ...range), first);
    if (rows.length > 0) {
      yield rows;
      first += SLICE_ROWS;
    } else {
      const next = await redis.bitpos(key, 1, range[0]);
      if (next < 0) return;
      first = next - (next % SLICE_ROWS);
    }
  }
}

/** The number of rows, rounded up to 8: recording a row writes its bit in `pending`, set or not. */
export async function rowSpan(ledger: Ledger, batch: string): Promise<number> {
  return (await ledger.redis.strlen(ledger.keys.is(batch, 'pending'))) * 8;
}
