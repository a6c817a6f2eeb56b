import { z } from 'zod';
import { byteRange, setPositions } from './bitmap.ts';
import { bucketOf, type RowState, rowStates } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { outcomeSchema, parseJson, SLICE_ROWS } from './rows.ts';

/** One row of the input with what became of it. */
export interface ReportRow {
  file: string;
  line: number;
  email: string;
  name: string;
  state: RowState;
  code: string;
  reason: string;
  portalId: string;
  attempts: number;
  invited: boolean;
}

/** A row as a list of people has it, with why it must be put right. */
export interface RowToMend {
  email: string;
  first_name: string;
  last_name: string;
  type: string;
  culture: string;
  department: string;
  comment: string;
  file: string;
  line: number;
  code: string;
  reason: string;
}

/** One row of a batch as the ledger has it; `row` counts from 0 in the order of the input. */
export interface StoredRow {
  row: number;
  state: RowState;
  invited: boolean;
  input: string | undefined;
  outcome: string | undefined;
}

/** Which rows: those in these states, from this one on. Without it, all. */
export interface Selection {
  states?: readonly RowState[];
  from?: number;
}

const cell = z.string().catch('');
const cells = z.object({
  email: cell,
  firstName: cell,
  lastName: cell,
  type: cell,
  culture: cell,
  department: z
    .union([z.string(), z.array(z.string()).transform((ids) => ids.join(';'))])
    .catch(''),
  comment: cell,
});
const nobody = cells.parse({});
const storedSchema = z.object({
  file: z.string(),
  line: z.number(),
  person: cells.optional(),
  raw: cells.optional(),
});

/**
 * Rows of the batch in the order of the input, read in slices: memory stays flat. Parts of the batch
 * without a row in one of the states are passed over in one step.
 */
export async function* storedRows(
  ledger: Ledger,
  batch: string,
  { states = rowStates, from = 0 }: Selection = {},
): AsyncGenerator<StoredRow> {
  let first = await sliceFrom(ledger, batch, { states, row: from });
  while (first !== undefined) {
    const [inStates, invited] = await Promise.all([
      statesOf(ledger, batch, { states, first }),
      positions(ledger, ledger.keys.invited(batch), first),
    ]);
    const wanted = [...inStates].filter(([row]) => row >= from).sort(([a], [b]) => a - b);
    const texts = await textsOf(
      ledger,
      batch,
      wanted.map(([row]) => row),
    );
    for (const [row, state] of wanted) {
      yield { row, state, invited: invited.has(row), ...texts(row) };
    }
    first = await sliceFrom(ledger, batch, { states, row: first + SLICE_ROWS });
  }
}

/** Every row of the batch with its outcome, in the order of the input. */
export async function* reportRows(ledger: Ledger, batch: string): AsyncGenerator<ReportRow> {
  for await (const stored of storedRows(ledger, batch)) yield toReportRow(stored);
}

export function toReportRow(stored: StoredRow): ReportRow {
  const { file, line, email, first_name, last_name, code, reason, outcome } = parsed(stored);
  return {
    file,
    line,
    email,
    name: `${first_name} ${last_name}`.trim(),
    state: stored.state,
    code,
    reason,
    portalId: outcome.portalId ?? '',
    attempts: outcome.attempts ?? 0,
    invited: stored.invited,
  };
}

export function toRowToMend(stored: StoredRow): RowToMend {
  const { outcome, ...row } = parsed(stored);
  return row;
}

/** What the two texts of a row say, as far as they can be read. */
export function parseRow(texts: { input: Text; outcome: Text }): RowToMend {
  const { outcome, ...row } = parsed(texts);
  return row;
}

type Text = string | null | undefined;

function parsed(texts: { input: Text; outcome: Text }) {
  const input = storedSchema.safeParse(parseJson(texts.input)).data;
  const outcome = outcomeSchema.safeParse(parseJson(texts.outcome)).data ?? {};
  const { firstName, lastName, email, ...others } = input?.person ?? input?.raw ?? nobody;
  const remarks = [outcome.reason ?? '', ...(outcome.warnings ?? [])];
  return {
    email,
    first_name: firstName,
    last_name: lastName,
    ...others,
    file: input?.file ?? '',
    line: input?.line ?? 0,
    code: outcome.code ?? '',
    reason: remarks.filter((remark) => remark !== '').join('; '),
    outcome,
  };
}

/** The first row of the next slice that holds a row in one of the states, at or behind `row`'s. */
async function sliceFrom(
  { keys, redis }: Ledger,
  batch: string,
  { states, row }: { states: readonly RowState[]; row: number },
): Promise<number | undefined> {
  const [start] = byteRange(row - (row % SLICE_ROWS), SLICE_ROWS);
  const places = await Promise.all(
    states.map((state) => redis.bitpos(keys.is(batch) + state, 1, start)),
  );
  const next = Math.min(...places.filter((place) => place >= 0));
  return Number.isFinite(next) ? next - (next % SLICE_ROWS) : undefined;
}

async function positions(ledger: Ledger, key: string, first: number): Promise<Set<number>> {
  const bytes = await ledger.redis.getrangeBuffer(key, ...byteRange(first, SLICE_ROWS));
  return new Set(setPositions(bytes, first));
}

async function statesOf(
  ledger: Ledger,
  batch: string,
  { states, first }: { states: readonly RowState[]; first: number },
): Promise<Map<number, RowState>> {
  const found = new Map<number, RowState>();
  const base = ledger.keys.is(batch);
  const sets = await Promise.all(states.map((state) => positions(ledger, base + state, first)));
  states.forEach((state, index) => {
    for (const row of sets[index] ?? []) found.set(row, state);
  });
  return found;
}

/** The texts of these rows, of one slice; whole buckets, of which many rows are mostly wanted. */
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
  return (row: number) => ({
    input: inputs.get(bucketOf(row))?.[row],
    outcome: outcomes.get(bucketOf(row))?.[row],
  });
}
