import { type CauseCount, numbersOf } from '../batch/numbers.ts';
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

/** Adds the example of each group of failed rows. */
export function withExamples(
  ledger: Ledger,
  batch: string,
  causes: readonly CauseCount[],
): Promise<Cause[]> {
  return Promise.all(
    causes.map(async ({ code, count, first }) => {
      const texts = await readTexts(ledger, batch, first);
      const { file, line, email, reason } = rowCells(texts);
      // A row that was opened again since has no reason now.
      return { code, count, example: { file, line, email, reason } };
    }),
  );
}

/**
 * Why rows failed, the most frequent code first, from a bitmap for each (docs/decisions/0011).
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_LEDGER_DAMAGED
 */
export async function causesOf(ledger: Ledger, batch: string): Promise<Cause[]> {
  return withExamples(ledger, batch, (await numbersOf(ledger, batch, { now: 0 })).causes);
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
