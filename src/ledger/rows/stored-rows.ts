import type { Ledger } from '../ledger.ts';
import { byteRange, setPositions } from './bitmap.ts';
import { codeOfMarks, markSentences } from './mark-text.ts';
import { type RowMark, rowMarks } from './marks.ts';
import { rowCells } from './row-cells.ts';
import { decodeOutcome, type RowTexts } from './row-codec.ts';
import { bucketOf, type RowState, rowStates } from './row-state.ts';
import { SLICE_ROWS } from './rows.ts';

/** One row of a batch as the ledger has it; `row` counts from 0 in the order of the input. */
export interface StoredRow extends RowTexts {
  row: number;
  state: RowState;
  invited: boolean;
  marks: readonly RowMark[];
}

/** One row of the input with its outcome. */
export interface ReportRow {
  file: string;
  line: number;
  email: string;
  name: string;
  /** Account type; of a rejected row, its cell. */
  type: string;
  /** Names of groups as the list has them. */
  groups: string;
  state: RowState;
  code: string;
  reason: string;
  portalId: string;
  attempts: number;
  invited: boolean;
  /** Facts beside the state, as `not-invitable` or `other-role`. */
  marks: readonly RowMark[];
}

/** Rows in these states, from this row on; without a state all, without `from` from the first. */
export interface Selection {
  states?: readonly RowState[] | undefined;
  from?: number | undefined;
  /** Rows with at least one of these marks; without it, all. */
  marks?: readonly RowMark[] | undefined;
}

/** Rows of the batch in the order of the input, read in slices; slices without any are skipped. */
export async function* storedRows(
  ledger: Ledger,
  batch: string,
  { states = rowStates, from = 0, marks: needed }: Selection = {},
): AsyncGenerator<StoredRow> {
  let first = await sliceFrom(ledger, batch, { states, row: from });
  while (first !== undefined) {
    const [inStates, invited, marksOf] = await Promise.all([
      statesOf(ledger, batch, { states, first }),
      positions(ledger, ledger.keys.invited(batch), first),
      marksIn(ledger, batch, first),
    ]);
    const isMarked = (row: number) => marksOf(row).some((mark) => needed?.includes(mark));
    const isWanted = (row: number) => row >= from && (needed === undefined || isMarked(row));
    const wanted = [...inStates].filter(([row]) => isWanted(row)).sort(([a], [b]) => a - b);
    const rows = wanted.map(([row]) => row);
    const texts = await textsOf(ledger, batch, rows);
    for (const [row, state] of wanted) {
      yield { row, state, invited: invited.has(row), marks: marksOf(row), ...texts(row) };
    }
    first = await sliceFrom(ledger, batch, { states, row: first + SLICE_ROWS });
  }
}

/** The rows of the batch with their outcomes, in the order of the input. */
export async function* reportRows(
  ledger: Ledger,
  batch: string,
  selection: Selection = {},
): AsyncGenerator<ReportRow> {
  for await (const stored of storedRows(ledger, batch, selection)) yield toReportRow(stored);
}

export function toReportRow(stored: Omit<StoredRow, 'row'>): ReportRow {
  const { state, invited, marks } = stored;
  const { file, line, email, first_name, last_name, type, department, ...cells } = rowCells(stored);
  const { portalId = '', attempts = 0, role } = decodeOutcome(stored.outcome);
  const name = `${first_name} ${last_name}`.trim();
  const code = cells.code === '' ? codeOfMarks(marks) : cells.code;
  const reason = [cells.reason, ...markSentences(marks, { type, role })]
    .filter((sentence) => sentence !== '')
    .join('; ');
  const groups = department;
  const of = { file, line, email, name, type, groups };
  return { ...of, state, code, reason, portalId, attempts, invited, marks };
}

/** The first row of the next slice, from `row`'s on, with a row in one of the states. */
async function sliceFrom(
  { keys, redis }: Ledger,
  batch: string,
  { states, row }: { states: readonly RowState[]; row: number },
): Promise<number | undefined> {
  const [start] = byteRange(row - (row % SLICE_ROWS), SLICE_ROWS);
  const places = await Promise.all(
    states.map((state) => redis.bitpos(keys.is(batch, state), 1, start)),
  );
  const next = Math.min(...places.filter((place) => place >= 0));
  return Number.isFinite(next) ? next - (next % SLICE_ROWS) : undefined;
}

async function positions(ledger: Ledger, key: string, first: number): Promise<Set<number>> {
  const bytes = await ledger.redis.getrangeBuffer(key, ...byteRange(first, SLICE_ROWS));
  return new Set(setPositions(bytes, first));
}

/** The marks of the rows of a slice. */
async function marksIn(ledger: Ledger, batch: string, first: number) {
  const base = ledger.keys.marks(batch);
  const sets = await Promise.all(rowMarks.map((mark) => positions(ledger, base + mark, first)));
  return (row: number) => rowMarks.filter((_, index) => sets[index]?.has(row));
}

async function statesOf(
  ledger: Ledger,
  batch: string,
  { states, first }: { states: readonly RowState[]; first: number },
): Promise<Map<number, RowState>> {
  const found = new Map<number, RowState>();
  const sets = await Promise.all(
    states.map((state) => positions(ledger, ledger.keys.is(batch, state), first)),
  );
  states.forEach((state, index) => {
    for (const row of sets[index] ?? []) found.set(row, state);
  });
  return found;
}

/** Texts of rows of one slice, read by whole buckets, because most of their rows are wanted. */
async function textsOf({ keys, redis }: Ledger, batch: string, rows: readonly number[]) {
  const buckets = [...new Set(rows.map(bucketOf))];
  const read = async (base: string) => {
    const texts = await Promise.all(buckets.map((bucket) => redis.hgetall(base + bucket)));
    return new Map(buckets.map((bucket, index) => [bucket, texts[index] ?? {}]));
  };
  const [inputs, outcomes] = await Promise.all([
    read(keys.rows(batch)),
    read(keys.outcomes(batch)),
  ]);
  return (row: number): RowTexts => ({
    input: inputs.get(bucketOf(row))?.[row],
    outcome: outcomes.get(bucketOf(row))?.[row],
  });
}
