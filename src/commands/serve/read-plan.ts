import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { diskFull } from '../../console/uploads/disk-full.ts';
import { limitColumns, limitHeaders } from '../../console/uploads/limit-columns.ts';
import { maskExamples } from '../../console/uploads/mask-examples.ts';
import {
  type PlanSummary,
  planSummary,
  type Rejection,
} from '../../console/uploads/plan-record.ts';
import { MOST_LISTED } from '../../console/uploads/rejected-rows.ts';

/** Rows of one reason whose place is shown. */
const FIRST_SHOWN = 3;

const cell = z.string().optional().catch(undefined);
const rejectedRow = z.object({
  kind: z.enum(['rejected', 'duplicate']),
  file: z.string(),
  line: z.number(),
  code: z.string(),
  reason: z.string(),
  cells: z.object({
    email: cell,
    firstName: cell,
    lastName: cell,
    type: cell,
    culture: cell,
    department: z.array(z.string()).optional().catch(undefined),
    comment: cell,
  }),
});

const failed = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    headers: z.array(z.string()).optional(),
  }),
});

export interface ReadPlan {
  summary: PlanSummary | undefined;
  rejections: Rejection[];
  /** The headers of a list whose columns are not understood. */
  headers: string[] | undefined;
}

/**
 * Reads the plan that `onboard submit --dry-run --json` prints, line by line: rows that stay out go
 * to the file `rejected`, as lines of a list of people, and are counted by reason. Rows beyond
 * `mostListed` are counted alone.
 * @throws {OnboardError} E_DISK_FULL
 */
export async function readPlan(
  stdout: Readable,
  rejected: string,
  mostListed = MOST_LISTED,
): Promise<ReadPlan> {
  try {
    return await readLines(stdout, rejected, mostListed);
  } catch (error) {
    throw diskFull(error, 'plan again') ?? error;
  }
}

async function readLines(
  stdout: Readable,
  rejected: string,
  mostListed: number,
): Promise<ReadPlan> {
  const rows = createWriteStream(rejected, { mode: 0o600 });
  // `finished` rejects with it; an error that nobody hears would end the console.
  rows.on('error', () => undefined);
  const counts = new Map<string, Rejection>();
  let rest = '';
  let rowsRead = 0;
  try {
    for await (const text of createInterface({
      input: stdout,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (!text.startsWith('{"kind":')) {
        rest += text;
        continue;
      }
      const row = rejectedRow.parse(JSON.parse(text.replace(/,$/, '')));
      count(counts, row);
      rowsRead += 1;
      if (rowsRead > mostListed) continue;
      if (!rows.write(`${JSON.stringify(listed(row))}\n`)) await once(rows, 'drain');
    }
  } finally {
    rows.end();
    await finished(rows);
  }
  const rejections = [...counts.values()].sort((a, b) => b.count - a.count);
  return { ...ending(rest), rejections };
}

/** The plan without its rows, or the fault of the list; nothing of a child that was ended. */
function ending(text: string): Pick<ReadPlan, 'summary' | 'headers'> {
  const found: unknown = text === '' ? {} : tryJson(text);
  const fault = failed.safeParse(found);
  if (fault.success) {
    const { headers } = fault.data.error;
    return { summary: undefined, headers: headers && limitHeaders(headers) };
  }
  const { data } = planSummary.safeParse(found);
  const summary = data && maskExamples({ ...data, ...limitColumns(data.columns) });
  return { summary, headers: undefined };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

type Row = z.infer<typeof rejectedRow>;

function count(counts: Map<string, Rejection>, { kind, code, file, line }: Row): void {
  const key = `${kind} ${code}`;
  const known = counts.get(key) ?? { kind, code, count: 0, first: [] };
  known.count += 1;
  if (known.first.length < FIRST_SHOWN) known.first.push({ file, line });
  counts.set(key, known);
}

/** A row in the columns of a list of people, with the reason. */
function listed({ cells, file, line, code, reason }: Row) {
  const { email, firstName, lastName, type, culture, department = [], comment } = cells;
  const separator = department.some((name) => name.includes(';')) ? '|' : ';';
  return {
    email: email ?? '',
    first_name: firstName ?? '',
    last_name: lastName ?? '',
    type: type ?? '',
    culture: culture ?? '',
    department: department.join(separator),
    comment: comment ?? '',
    file,
    line,
    code,
    reason,
  };
}
