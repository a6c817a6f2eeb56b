import type { ColumnNames } from './column-names.ts';

/** Lines in which a header is looked for: exports begin with a version, titles and empty rows. */
export const HEADER_LINES = 10;

/** A row that may be the header, and the number of columns known in it. */
interface Rated<Row> {
  row: Row;
  known: number;
  isWhole: boolean;
}

/**
 * The row that is the header: the first with every required column, otherwise the one with most
 * known columns, otherwise the first. Undefined without rows.
 */
export function findHeader<Row extends { cells: readonly string[] }>(
  rows: readonly Row[],
  names: ColumnNames,
): Rated<Row> | undefined {
  let best: Rated<Row> | undefined;
  for (const row of rows) {
    const rated = rate(row, names);
    if (rated.isWhole) return rated;
    if (best === undefined || rated.known > best.known) best = rated;
  }
  return best;
}

/** A row with an address is a person: a name such as Mail or First would make it look like a header. */
export function rate<Row extends { cells: readonly string[] }>(
  row: Row,
  names: ColumnNames,
): Rated<Row> {
  const found = new Set(names.meaningsOf(row.cells).filter((meaning) => meaning !== undefined));
  const isWhole = names.required.every((meaning) => found.has(meaning));
  const isPerson = !isWhole && row.cells.some((cell) => cell?.includes('@'));
  return { row, known: isPerson ? 0 : found.size, isWhole };
}
