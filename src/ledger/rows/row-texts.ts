import type { Ledger } from '../ledger.ts';
import type { StoredText } from './row-codec.ts';
import { bucketOf } from './row-state.ts';

/** Input and outcome of a row as Redis has them (row-codec.ts). */
export interface RowTexts {
  input: StoredText;
  outcome: StoredText;
}

/** Reads one row of a batch. */
export async function readTexts(ledger: Ledger, batch: string, row: number): Promise<RowTexts> {
  const { keys, redis } = ledger;
  const [input, outcome] = await Promise.all([
    redis.hget(keys.rows(batch) + bucketOf(row), String(row)),
    redis.hget(keys.outcomes(batch) + bucketOf(row), String(row)),
  ]);
  return { input, outcome };
}

/** Reads the input of a row alone. */
export async function readInput(ledger: Ledger, batch: string, row: number): Promise<StoredText> {
  return ledger.redis.hget(ledger.keys.rows(batch) + bucketOf(row), String(row));
}
