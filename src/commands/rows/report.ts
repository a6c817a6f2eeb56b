import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import { marksFor } from '../../ledger/rows/mark-text.ts';
import { rowCells } from '../../ledger/rows/row-cells.ts';
import type { RowState } from '../../ledger/rows/row-state.ts';
import { type StoredRow, storedRows, toReportRow } from '../../ledger/rows/stored-rows.ts';
import { printableLines } from '../../printable.ts';
import { exit, type Io } from '../io.ts';
import { nothingStored, withLedger } from '../open/ledger-store.ts';
import { listColumns, type RowFormat, reportColumns, rowsText } from './rows-text.ts';

interface ReportFlags {
  format: RowFormat;
  /** As `--format json`. */
  json?: boolean;
  failed?: boolean;
  rejected?: boolean;
  roleDiffers?: boolean;
  notInvitable?: boolean;
  unmailed?: boolean;
  state?: RowState[];
  limit?: number;
  offset?: number;
}

/**
 * `onboard report BATCH`: rows with their outcomes, in the order of the input; or, with `--failed`
 * and `--rejected`, people as a list to correct and submit again. A page that is not the last says
 * on standard error where the next one begins.
 */
export function report(io: Io, batch: string, given: ReportFlags): Promise<number> {
  const flags: ReportFlags = given.json ? { ...given, format: 'json' } : given;
  return withLedger(
    io,
    async (_, ledger) => {
      const { limit = Number.POSITIVE_INFINITY, offset: from } = flags;
      await requireBatch(ledger, batch);
      const selection = { from, states: statesOf(flags), marks: marksFor(flags) };
      const stored = storedRows(ledger, batch, selection);
      const next: { row?: number } = {};
      const text = textOf(page(stored, limit, next), flags);
      const shown = io.stdout.isTTY ? mapped(text, safePiece) : text;
      await pipeline(Readable.from(shown), io.stdout, { end: false });
      if (next.row !== undefined) io.stderr.write(`more rows: --offset ${next.row}\n`);
      return exit.ok;
    },
    (context) => nothingStored(context, batch),
  );
}

function isList({ failed, rejected }: ReportFlags): boolean {
  return failed === true || rejected === true;
}

function statesOf(flags: ReportFlags): readonly RowState[] | undefined {
  if (!isList(flags)) return flags.state;
  return (['failed', 'rejected'] as const).filter((state) => flags[state]);
}

function textOf(rows: AsyncIterable<StoredRow>, flags: ReportFlags): AsyncIterable<string> {
  const { format } = flags;
  return isList(flags)
    ? rowsText(mapped(rows, rowCells), { columns: listColumns, format })
    : rowsText(mapped(rows, toReportRow), { columns: reportColumns, format });
}

/** A cell of CSV is exact in a file; on a terminal it must not act. */
function safePiece(piece: string): string {
  return printableLines(piece.replaceAll('\r\n', '\n'));
}

async function* mapped<A, B>(rows: AsyncIterable<A>, change: (row: A) => B): AsyncGenerator<B> {
  for await (const row of rows) yield change(row);
}

/** Sets `next.row` to the first row of the next page, if there is one. */
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
