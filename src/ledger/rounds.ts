import { z } from 'zod';
import { OnboardError } from '../errors.ts';
import { type BatchState, readBatch } from './batches.ts';
import { BUCKET_ROWS, bucketOf, type RowState } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { emailHash } from './record-rows.ts';
import {
  beginCancel as beginCancelScript,
  beginRound as beginRoundScript,
  moveRows,
  reopenRows,
} from './round-scripts.ts';
import { outcomeSchema, parseJson, rowsIn } from './rows.ts';
import { runScript } from './script.ts';

const inputSchema = z.object({
  file: z.string(),
  line: z.number(),
  person: z.object({ email: z.string() }),
});

/**
 * Begins the next round of a batch in one of these states. The producer's lock must be held.
 * @throws {OnboardError} E_BATCH_STATE when the batch is in another state.
 */
export async function beginRound(
  ledger: Ledger,
  id: string,
  states: readonly BatchState[],
): Promise<void> {
  const keys = [ledger.keys.record(id), ledger.keys.inviter(id)];
  const call = { keys, args: [states.join(' ')] };
  if (Number(await runScript(ledger.redis, beginRoundScript, call)) > 0) return;
  const { state } = await readBatch(ledger, id);
  throw new OnboardError(
    'E_BATCH_STATE',
    `batch ${id} is ${state}, and this needs one that is ${states.join(' or ')}`,
    { details: { state } },
  );
}

/** A row that came to an end which another round may change. */
export interface Reopenable {
  row: number;
  email: string;
  code: string;
}

/** The failed and cancelled rows of a batch, in slices of at most 1,000. */
export async function* reopenable(ledger: Ledger, batch: string): AsyncGenerator<Reopenable[]> {
  const { keys, redis } = ledger;
  const one = async (row: number): Promise<Reopenable[]> => {
    const [input, outcome] = await Promise.all([
      redis.hget(keys.rows(batch) + bucketOf(row), String(row)),
      redis.hget(keys.outcomes(batch) + bucketOf(row), String(row)),
    ]);
    const { data } = inputSchema.safeParse(parseJson(input));
    const code = outcomeSchema.safeParse(parseJson(outcome)).data?.code ?? '';
    return data === undefined ? [] : [{ row, email: data.person.email, code }];
  };
  for (const state of ['failed', 'cancelled'] as const) {
    for await (const rows of rowsIn(ledger, batch, state)) {
      yield (await Promise.all(rows.map(one))).flat();
    }
  }
}

/** Opens failed and cancelled rows again for the round that has begun. Returns how many were. */
export async function reopen(
  ledger: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<number> {
  const { keys, redis } = ledger;
  const texts = await Promise.all(
    rows.map((row) => redis.hget(keys.rows(batch) + bucketOf(row), String(row))),
  );
  const args = rows.flatMap((row, index) => {
    const { data } = inputSchema.safeParse(parseJson(texts[index]));
    if (data === undefined) return [];
    return [row, emailHash(data.person.email), `${data.file} line ${data.line}`];
  });
  const head = [batch, keys.record(''), BUCKET_ROWS];
  const bases = [keys.outcomes(batch), keys.is(batch), keys.claims, keys.because(batch)];
  const call = { keys: [keys.record(batch), ...bases], args: [...head, ...args] };
  return Number(await runScript(redis, reopenRows, call));
}

/** The rows that are pending now are those of the round. */
export async function closeRound(ledger: Ledger, id: string): Promise<number> {
  const expected = await ledger.redis.bitcount(`${ledger.keys.is(id)}pending`);
  await ledger.redis.hset(ledger.keys.record(id), { expected });
  return expected;
}

/** Keeps all but the first `limit` pending rows back for a later round. Safe to repeat. */
export async function holdBack(ledger: Ledger, batch: string, limit: number): Promise<void> {
  let left = limit;
  for await (const rows of rowsIn(ledger, batch, 'pending')) {
    const beyond = rows.slice(Math.max(left, 0));
    left -= rows.length;
    if (beyond.length > 0)
      await move(ledger, batch, { from: 'pending', to: 'later', rows: beyond });
  }
}

/** The rows that were held back are the pending ones of the round that has begun. */
export async function takeUp(ledger: Ledger, batch: string): Promise<void> {
  for await (const rows of rowsIn(ledger, batch, 'later')) {
    await move(ledger, batch, { from: 'later', to: 'pending', rows });
  }
}

/**
 * Says that the batch is being cancelled: from now on nobody is created any more.
 * @throws {OnboardError} E_BATCH_STATE when it is over already.
 */
export async function beginCancel(
  ledger: Ledger,
  id: string,
  options: { invite: boolean },
): Promise<void> {
  const call = { keys: [ledger.keys.record(id)], args: [options.invite ? 1 : 0] };
  if ((await runScript(ledger.redis, beginCancelScript, call)) === 1) return;
  const { state } = await readBatch(ledger, id);
  throw new OnboardError('E_BATCH_STATE', `batch ${id} is ${state} already: nothing to cancel`, {
    details: { state },
  });
}

/**
 * Cancels every row that is not begun. One whose account may exist stays, and is looked up first.
 * Returns how many were cancelled.
 */
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
  const { keys, redis } = ledger;
  const bitmaps = keys.is(batch);
  const call = [keys.record(batch), bitmaps + from, bitmaps + to, keys.outcomes(batch)];
  const args = [BUCKET_ROWS, ...rows];
  return Number(await runScript(redis, moveRows, { keys: call, args }));
}
