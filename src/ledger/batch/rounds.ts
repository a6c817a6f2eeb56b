import { OnboardError } from '../../errors.ts';
import { emailHash } from '../../people/email-hash.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import * as scripts from '../lua/batch-transitions.ts';
import { moveRows, reopenRows } from '../lua/round-scripts.ts';
import { runScript } from '../lua/script.ts';
import { decodeInput, decodeOutcome, emailOf, placeOf } from '../rows/row-codec.ts';
import type { RowState } from '../rows/row-state.ts';
import { countRows, readInput, readTexts, rowsIn } from '../rows/rows.ts';
import type { BatchState } from './batch-state.ts';
import { type Batch, readBatch } from './batches.ts';
import { takeSample } from './samples.ts';

/**
 * Begins the next round of a batch in one of these states. The producer's lock must be held.
 * @throws {OnboardError} E_BATCH_STATE when the batch is in another state.
 */
export async function beginRound(
  ledger: Ledger,
  id: string,
  states: readonly BatchState[],
): Promise<void> {
  const round = await runScript(ledger, scripts.beginRound, {
    keys: keysOf(ledger, id),
    args: { states: states.join(' ') },
  });
  if (round === 0) throw wrongState(await readBatch(ledger, id), states);
}

/** @throws {OnboardError} E_BATCH_STATE unless the batch is in one of these states. */
export async function refuseState(
  ledger: Ledger,
  id: string,
  states: readonly BatchState[],
): Promise<void> {
  const batch = await readBatch(ledger, id);
  if (!states.includes(batch.state)) throw wrongState(batch, states);
}

function wrongState({ id, state }: Batch, states: readonly BatchState[]): OnboardError {
  return new OnboardError(
    'E_BATCH_STATE',
    `batch ${id} is ${state}; this needs one that is ${states.join(' or ')}: see onboard status ${id}`,
    { details: { state } },
  );
}

/** A settled row that another round may change. */
export interface Reopenable {
  row: number;
  email: string;
  code: string;
}

/** The failed and cancelled rows of a batch, in slices of at most 1,000. */
export async function* reopenable(ledger: Ledger, batch: string): AsyncGenerator<Reopenable[]> {
  const readOne = async (row: number): Promise<Reopenable[]> => {
    const { input, outcome } = await readTexts(ledger, batch, row);
    const email = emailOf(decodeInput(input));
    const { code = '' } = decodeOutcome(outcome);
    return email === undefined ? [] : [{ row, email, code }];
  };
  for (const state of ['failed', 'cancelled'] as const) {
    for await (const rows of rowsIn(ledger, batch, state)) {
      yield (await Promise.all(rows.map(readOne))).flat();
    }
  }
}

/** Opens failed and cancelled rows again for the round that has begun. Returns their number. */
export async function reopen(
  ledger: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<number> {
  const people = await Promise.all(
    rows.map(async (row) => {
      const input = decodeInput(await readInput(ledger, batch, row));
      const email = emailOf(input);
      return input && email !== undefined ? [row, emailHash(email), placeOf(input)] : [];
    }),
  );
  return inSteps(people, (some) =>
    runScript(ledger, reopenRows, {
      keys: keysOf(ledger, batch),
      args: { batch, batches: ledger.keys.record('') },
      list: some.flat(),
    }),
  );
}

/**
 * Rows of one script. Redis answers nobody while it runs: 1,000 rows opened again took 20 to 60 ms.
 * A row is opened or moved in one step, and no step depends on another row.
 */
const STEP_ROWS = 50;

/** Does the work on 50 rows after another, and adds up how many rows each changed. */
async function inSteps<T>(
  rows: readonly T[],
  work: (some: readonly T[]) => Promise<number>,
): Promise<number> {
  let changed = 0;
  for (let first = 0; first < rows.length; first += STEP_ROWS) {
    changed += await work(rows.slice(first, first + STEP_ROWS));
  }
  return changed;
}

/** Makes the rows that are pending now the rows of the round. Returns their number. */
export async function closeRound(ledger: Ledger, id: string): Promise<number> {
  const expected = await countRows(ledger, id, 'pending');
  await ledger.redis.hset(ledger.keys.record(id), { expected });
  await takeSample(ledger, id);
  return expected;
}

/** Holds all but the first `limit` pending rows back for a later round. Safe to repeat. */
export async function holdBack(ledger: Ledger, batch: string, limit: number): Promise<void> {
  let left = limit;
  for await (const slice of rowsIn(ledger, batch, 'pending')) {
    const rows = slice.slice(Math.max(left, 0));
    left -= slice.length;
    if (rows.length > 0) await move(ledger, batch, { from: 'pending', to: 'later', rows });
  }
}

/** Makes the rows that were held back the pending ones of the round that has begun. */
export async function takeUp(ledger: Ledger, batch: string): Promise<void> {
  for await (const rows of rowsIn(ledger, batch, 'later')) {
    await move(ledger, batch, { from: 'later', to: 'pending', rows });
  }
}

/**
 * Notes that the batch is being cancelled: from now on nobody is created.
 * @throws {OnboardError} E_BATCH_STATE when it is over already.
 */
export async function beginCancel(
  ledger: Ledger,
  id: string,
  { invite }: { invite: boolean },
): Promise<void> {
  const isBegun = await runScript(ledger, scripts.beginCancel, {
    keys: keysOf(ledger, id),
    args: { how: invite ? 'invite' : 'no-invite' },
  });
  if (isBegun) return;
  const { state } = await readBatch(ledger, id);
  throw new OnboardError('E_BATCH_STATE', `batch ${id} is ${state} already: nothing to cancel`, {
    details: { state },
  });
}

/** Cancels every row that has not started, except rows in doubt. Returns how many. */
export async function cancelRows(ledger: Ledger, batch: string): Promise<number> {
  let cancelled = 0;
  for (const from of ['pending', 'later'] as const) {
    for await (const rows of rowsIn(ledger, batch, from)) {
      cancelled += await move(ledger, batch, { from, to: 'cancelled', rows });
    }
  }
  return cancelled;
}

async function move(
  ledger: Ledger,
  batch: string,
  { from, to, rows }: { from: RowState; to: RowState; rows: readonly number[] },
): Promise<number> {
  const { is, outcomes } = ledger.keys;
  const keys = { from: is(batch, from), to: is(batch, to), outcomes: outcomes(batch) };
  return inSteps(rows, (some) => runScript(ledger, moveRows, { keys, list: some }));
}
