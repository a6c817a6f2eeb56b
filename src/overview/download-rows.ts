import { requireBatch } from '../ledger/batch/require-batch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { rowCells } from '../ledger/rows/row-cells.ts';
import { decodeOutcome } from '../ledger/rows/row-codec.ts';
import { NO_CODE, type RowState } from '../ledger/rows/row-state.ts';
import {
  type Selection,
  type StoredRow,
  storedRows,
  toReportRow,
} from '../ledger/rows/stored-rows.ts';
import type { Readable } from './overview.ts';
import { listColumns, type RowFormat, reportColumns, rowsText } from './rows-text.ts';

/** `report`: every row; the others: people as a list to correct and to submit again. */
type DownloadKind = 'report' | 'failed' | 'rejected';

const states: Readonly<Record<DownloadKind, readonly RowState[] | undefined>> = {
  report: undefined,
  failed: ['failed'],
  rejected: ['rejected'],
};

interface Asked {
  kind: DownloadKind;
  format: Exclude<RowFormat, 'json'>;
  /** Rows with this code alone. */
  code?: string | undefined;
}

/**
 * Rows of a batch as text, piece by piece with flat memory; the first piece reads no row.
 * @throws {OnboardError} E_BATCH_UNKNOWN, before the first piece.
 */
export function downloadRows(
  { ledger }: Pick<Readable, 'ledger'>,
  batch: string,
  { kind, format, code }: Asked,
): Promise<AsyncIterable<string>> {
  const selection = { states: states[kind] };
  return openDownload(ledger, batch, { format, asList: kind !== 'report', selection, code });
}

interface Download {
  format: RowFormat;
  /** In the columns of a list of people, in place of those of the report. */
  asList: boolean;
  selection: Selection;
  code?: string | undefined;
  /** Most rows. */
  limit?: number | undefined;
  /** Receives the number of the first row after the limit, if there is one. */
  onMore?: (row: number) => void;
}

/** @throws {OnboardError} E_BATCH_UNKNOWN, before the first piece. */
export async function openDownload(
  ledger: Ledger,
  batch: string,
  { format, asList, selection, code, limit, onMore }: Download,
): Promise<AsyncIterable<string>> {
  await requireBatch(ledger, batch);
  const stored = storedRows(ledger, batch, selection);
  const rows = page(code === undefined ? stored : withCode(stored, code), limit, onMore);
  return asList
    ? rowsText(mapped(rows, rowCells), { columns: listColumns, format })
    : rowsText(mapped(rows, toReportRow), { columns: reportColumns, format });
}

async function* mapped<A, B>(rows: AsyncIterable<A>, change: (row: A) => B): AsyncGenerator<B> {
  for await (const row of rows) yield change(row);
}

async function* withCode(rows: AsyncIterable<StoredRow>, code: string): AsyncGenerator<StoredRow> {
  for await (const stored of rows) {
    if ((decodeOutcome(stored.outcome).code ?? NO_CODE) === code) yield stored;
  }
}

async function* page(
  rows: AsyncIterable<StoredRow>,
  limit = Number.POSITIVE_INFINITY,
  onMore: Download['onMore'],
): AsyncGenerator<StoredRow> {
  let left = limit;
  for await (const stored of rows) {
    if (left === 0) return onMore?.(stored.row);
    left -= 1;
    yield stored;
  }
}
