import { keysOf, type Ledger } from '../ledger.ts';
import { readRows } from '../lua/read-rows.ts';
import { runScript } from '../lua/script.ts';
import { rowMarks } from './marks.ts';
import { rowStates } from './row-state.ts';
import type { StoredRow } from './stored-rows.ts';

interface Asked {
  rows: readonly number[];
  /** Bitmaps whose rows are counted, by their names after the key of the batch. */
  counted?: readonly string[];
  /** The row before which rows are counted as `before`. */
  before?: number;
}

/** Reads these rows alone, and the counts, at one moment. Rows that do not exist are left out. */
export async function rowsAt(
  ledger: Ledger,
  batch: string,
  { rows, counted = [], before = 0 }: Asked,
): Promise<{ total: number; before: number; rows: StoredRow[] }> {
  const read = await runScript(ledger, readRows, {
    keys: keysOf(ledger, batch),
    args: { counted: counted.join(' '), before },
    list: rows,
  });
  const stored = read.rows.flatMap(([row, number, invited, marks, input, outcome]): StoredRow[] => {
    const state = rowStates[number - 1];
    if (state === undefined) return [];
    const has = rowMarks.filter((_, index) => marks.includes(index + 1));
    return [{ row, state, invited: invited === 1, marks: has, input, outcome }];
  });
  return { ...read, rows: stored };
}
