import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OnboardError } from '../errors.ts';
import type { RowState } from '../ledger/keys.ts';
import { type StoredRow, storedRows, toReportRow, toRowToMend } from '../ledger/report-rows.ts';
import { withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { checkBatch } from './known-batch.ts';
import { openLedgerStore } from './open-ledger.ts';
import { mendColumns, type RowFormat, reportColumns, rowsText } from './render-rows.ts';

export interface ReportFlags {
  format: RowFormat;
  failed?: boolean;
  rejected?: boolean;
  state?: RowState[];
  limit?: string;
  offset?: string;
}

/**
 * `onboard report BATCH`: rows with their outcomes, in the order of the input; or, with `--failed` and
 * `--rejected`, people as a list that can be put right and submitted again. A page that is not the
 * last one says on standard error where the next one begins.
 */
export function report(io: Io, batch: string, flags: ReportFlags): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'warn' }, async (context) => {
    const limit = wholeNumber('--limit', flags.limit, 1) ?? Number.POSITIVE_INFINITY;
    const from = wholeNumber('--offset', flags.offset, 0) ?? 0;
    const { ledger } = await openLedgerStore(context, 'guest');
    await checkBatch(ledger, batch);
    const states = statesOf(flags);
    const stored = storedRows(ledger, batch, { from, ...(states && { states }) });
    const next: { row?: number } = {};
    const text = textOf(page(stored, limit, next), flags);
    await pipeline(Readable.from(text), io.stdout, { end: false });
    if (next.row !== undefined) io.stderr.write(`more rows: --offset ${next.row}\n`);
    return exit.ok;
  });
}

function isToMend(flags: ReportFlags): boolean {
  return flags.failed === true || flags.rejected === true;
}

/** The states asked for; undefined for all. */
function statesOf(flags: ReportFlags): readonly RowState[] | undefined {
  if (!isToMend(flags)) return flags.state;
  return (['failed', 'rejected'] as const).filter((state) => flags[state]);
}

function textOf(rows: AsyncIterable<StoredRow>, flags: ReportFlags): AsyncIterable<string> {
  const { format } = flags;
  return isToMend(flags)
    ? rowsText(mapped(rows, toRowToMend), { columns: mendColumns, format })
    : rowsText(mapped(rows, toReportRow), { columns: reportColumns, format });
}

async function* mapped<A, B>(rows: AsyncIterable<A>, change: (row: A) => B): AsyncGenerator<B> {
  for await (const row of rows) yield change(row);
}

/** The first rows, and in `next` the row that would have come after them. */
async function* page(
  rows: AsyncIterable<StoredRow>,
  limit: number,
  next: { row?: number },
): AsyncGenerator<StoredRow> {
  let left = limit;
  for await (const stored of rows) {
    if (left === 0) {
      next.row = stored.row;
      return;
    }
    left -= 1;
    yield stored;
  }
}

function wholeNumber(flag: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new OnboardError('E_USAGE', `${flag} ${text}: give a whole number, ${least} or more`);
}
