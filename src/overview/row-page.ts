import { requireBatch } from '../ledger/batch/require-batch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type MarkName, markNames, marksNamed } from '../ledger/rows/mark-text.ts';
import { countPicked, type Picking, pickedBefore, pickedFrom } from '../ledger/rows/pick-rows.ts';
import { type RowState, rowStates } from '../ledger/rows/row-state.ts';
import { rowSpan } from '../ledger/rows/rows.ts';
import { rowsAt } from '../ledger/rows/rows-at.ts';
import { type ReportRow, toReportRow } from '../ledger/rows/stored-rows.ts';
import type { Readable } from './overview.ts';

/** Rows that fulfil every condition; all rows without any. */
export interface RowFilter {
  state?: RowState | undefined;
  /** Code of failed rows; ignored unless the state is `failed`: no other state has an index. */
  code?: string | undefined;
  mark?: MarkName | undefined;
}

/** A row of the report with its number in the batch, from 0. */
export type PageRow = ReportRow & { row: number };

export interface RowPage {
  rows: PageRow[];
  /** Rows that the filter picks. */
  total: number;
  /** Place of the first row among them, from 1; 0 for none. */
  first: number;
  /** Row number with which the next page begins; undefined on the last page. */
  next: number | undefined;
  /** Row number with which the page before begins; undefined on the first page. */
  previous: number | undefined;
}

interface Asked {
  filter: RowFilter;
  /** Row number from which on rows are shown. */
  from: number;
  size: number;
}

/** Codes are parts of keys; no code has another form. */
const CODE = /^[\w-]{1,40}$/;

/** The filter in words of an address; a word that names nothing is left out. */
export function toRowFilter(
  words: Partial<Record<keyof RowFilter, string | undefined>>,
): RowFilter {
  const state = rowStates.find((name) => name === words.state);
  const mark = markNames.find((name) => name === words.mark);
  return { state, mark, code: words.code };
}

/**
 * A page of the rows that a filter picks, in the order of the input. Reads texts of these rows only;
 * bitmaps in pieces of 16 KiB, one or two for most pages.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function readRowPage(
  { ledger }: Pick<Readable, 'ledger'>,
  batch: string,
  asked: Asked,
): Promise<RowPage> {
  const [end] = await Promise.all([rowSpan(ledger, batch), requireBatch(ledger, batch)]);
  const picking = pickingOf(asked.filter);
  return picking.length === 0
    ? anyRows(ledger, batch, asked)
    : pickedRows(ledger, batch, { ...asked, picking, end });
}

/** Names of the bitmaps after the key of the batch, in groups that all must have the row. */
function pickingOf({ state, code, mark }: RowFilter): Picking {
  const groups: string[][] = [];
  if (state === 'failed' && code !== undefined) {
    groups.push([`because:${CODE.test(code) ? code : '-'}`]);
  } else if (state !== undefined) groups.push([`is:${state}`]);
  if (mark !== undefined) groups.push(marksNamed(mark).map((name) => `marked:${name}`));
  return groups;
}

/** Without a filter rows follow each other without a gap, each in one state. */
async function anyRows(ledger: Ledger, batch: string, { from, size }: Asked): Promise<RowPage> {
  const rows = Array.from({ length: size }, (_, index) => from + index);
  const counted = rowStates.map((state) => `is:${state}`);
  const read = await rowsAt(ledger, batch, { rows, counted, before: from });
  return {
    ...shown(read),
    next: from + size < read.total ? from + size : undefined,
    previous: from > 0 ? Math.max(0, Math.min(from, read.total) - size) : undefined,
  };
}

async function pickedRows(
  ledger: Ledger,
  batch: string,
  { picking, from, size, end }: Asked & { picking: Picking; end: number },
): Promise<RowPage> {
  const record = ledger.keys.record(batch);
  const keys = picking.map((names) => names.map((name) => `${record}:${name}`));
  const [found, earlier] = await Promise.all([
    pickedFrom(ledger, keys, { from, count: size + 1, end }),
    pickedBefore(ledger, keys, { before: from, count: size, end }),
  ]);
  const isSingle = picking.length === 1 && picking[0]?.length === 1;
  const counted = isSingle ? picking.flat() : [];
  const rows = found.slice(0, size);
  const before = rows[0] ?? 0;
  const read = await rowsAt(ledger, batch, { rows, counted, before });
  const counts = isSingle ? read : await countPicked(ledger, keys, { before, end });
  const cursors = { next: found[size], previous: earlier[0] };
  return { ...shown({ ...read, ...counts, rows: read.rows }), ...cursors };
}

function shown({ rows, total, before }: Awaited<ReturnType<typeof rowsAt>>) {
  const pageRows = rows.map((stored) => ({ row: stored.row, ...toReportRow(stored) }));
  return { rows: pageRows, total, first: rows.length === 0 ? 0 : before + 1 };
}
