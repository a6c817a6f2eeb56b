import type { PlanSummary } from './plan-record.ts';

/** Columns of a plan: with three fields for each, a form stays below its 64 KiB. */
const MOST_COLUMNS = 200;

/** Characters of a header on a page. */
const MOST_SHOWN = 200;

type Column = PlanSummary['columns'][number];

/** Columns that are read, then the others, up to a number that a page can show. */
export function limitColumns(columns: readonly Column[]) {
  const isRead = ({ column }: Column) => column !== null;
  const first = [...columns.filter(isRead), ...columns.filter((each) => !isRead(each))];
  const taken = new Set(first.slice(0, MOST_COLUMNS));
  const kept = columns
    .filter((each) => taken.has(each))
    .map((each) => ({ ...each, header: shown(each.header) }));
  const leftOut = columns.length - kept.length;
  return { columns: kept, ...(leftOut > 0 && { columnsLeftOut: leftOut }) };
}

/** Headers that a form can map. */
export function limitHeaders(headers: readonly string[]): string[] {
  return headers.slice(0, MOST_COLUMNS).map(shown);
}

function shown(header: string): string {
  return header.length <= MOST_SHOWN ? header : `${header.slice(0, MOST_SHOWN)}…`;
}
