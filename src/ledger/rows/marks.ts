import { keysOf, type Ledger } from '../ledger.ts';
import { changeMarks } from '../lua/mark-rows.ts';
import { runScript } from '../lua/script.ts';
import { setPositions } from './bitmap.ts';

/** Facts about settled rows beside their states, each a bitmap. */
export const rowMarks = [
  /** Created, with an address that the invite does not take (P-INVITE-05). */
  'not-invitable',
  /** Created, and left out of the invite because the portal refused this entry. */
  'invite-refused',
  /** Created, with another role than was asked for. */
  'other-role',
  /** Existed before, with another role than was asked for; stays as it is. */
  'other-role-before',
  /** Found after a lost answer: its creation may have broken off, so it is looked up again. */
  'half-made',
  /** Its activation mail may never have been sent. */
  'unmailed',
] as const;
export type RowMark = (typeof rowMarks)[number];

interface MarkChange {
  rows: readonly number[];
  set?: readonly RowMark[];
  clear?: readonly RowMark[];
}

/** Sets and clears marks of rows in one atomic step. A batch that was purged does not come back. */
export async function markRows(
  ledger: Ledger,
  batch: string,
  { rows, set = [], clear = [] }: MarkChange,
): Promise<void> {
  const list = rows.flatMap((row) => [
    ...set.flatMap((mark) => [mark, row, 1]),
    ...clear.flatMap((mark) => [mark, row, 0]),
  ]);
  await runScript(ledger, changeMarks, { keys: keysOf(ledger, batch), list });
}

/** The rows with a mark, ascending. */
export async function markedRows(ledger: Ledger, batch: string, mark: RowMark): Promise<number[]> {
  const bytes = await ledger.redis.getBuffer(ledger.keys.marks(batch) + mark);
  return setPositions(bytes ?? Buffer.alloc(0), 0);
}

/** The marks of one row. */
export async function marksOfRow(ledger: Ledger, batch: string, row: number): Promise<RowMark[]> {
  const base = ledger.keys.marks(batch);
  const bits = await Promise.all(rowMarks.map((mark) => ledger.redis.getbit(base + mark, row)));
  return rowMarks.filter((_, index) => bits[index] === 1);
}
