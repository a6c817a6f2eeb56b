import type { Ledger } from '../ledger.ts';
import { rowCells } from './row-cells.ts';
import { readTexts } from './rows.ts';
import { storedRows } from './stored-rows.ts';

/** The failed, or the rejected, rows of a batch that have one code. */
export interface Cause {
  code: string;
  count: number;
  /** The first of them in the order of the input. */
  example: { file: string; line: number; email: string; reason: string };
}

/** Why rows failed, the most frequent code first, from a bitmap for each (docs/decisions/0011). */
export async function causesOf(ledger: Ledger, batch: string): Promise<Cause[]> {
  const codes = await ledger.redis.smembers(ledger.keys.causes(batch));
  const causes = await Promise.all(codes.map((code) => causeOf(ledger, batch, code)));
  return causes
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

/**
 * Why rows were rejected, the most frequent code first. Reads every rejected row, so it is for the
 * end of a command.
 */
export async function rejectionsOf(ledger: Ledger, batch: string): Promise<Cause[]> {
  const causes = new Map<string, Cause>();
  for await (const stored of storedRows(ledger, batch, { states: ['rejected'] })) {
    const { code, file, line, reason } = rowCells(stored);
    const known = causes.get(code);
    if (known !== undefined) known.count += 1;
    // The e-mail of a rejected row may be any text, and its reason quotes what is wrong.
    else causes.set(code, { code, count: 1, example: { file, line, email: '', reason } });
  }
  return [...causes.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

async function causeOf(ledger: Ledger, batch: string, code: string): Promise<Cause> {
  const bitmap = ledger.keys.because(batch) + code;
  const [count, row] = await Promise.all([
    ledger.redis.bitcount(bitmap),
    ledger.redis.bitpos(bitmap, 1),
  ]);
  const { file, line, email, reason } = rowCells(await readTexts(ledger, batch, row));
  return { code, count, example: { file, line, email, reason } };
}
