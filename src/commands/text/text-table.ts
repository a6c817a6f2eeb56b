import { printable } from '../../printable.ts';

export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

/** Rows as a table with aligned columns; cells are shown on one line. */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(([title]) => title)];
  for (const row of rows) lines.push(columns.map(([, cell]) => printable(cell(row))));
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const lineOf = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${lines.map((cells) => lineOf(cells).join('  ').trimEnd()).join('\n')}\n`;
}
