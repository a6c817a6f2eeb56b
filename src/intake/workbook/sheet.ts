import { z } from 'zod';
import type { ColumnNames } from '../columns/column-names.ts';
import { findHeader, HEADER_LINES } from '../columns/find-header.ts';
import { Table, type TableRow } from '../columns/table.ts';
import type { Fault, RawRecord, RecordReader } from '../entry.ts';
import { noValueFault, noValues } from './no-value.ts';
import type { SheetRow } from './sheet-rows.ts';

/** A row as `convertSheet` writes it: its number, then column and text of each cell. */
const lineSchema = z
  .tuple([z.number()])
  .rest(z.union([z.number(), z.string(), z.object({ noValue: z.enum(noValues) })]));

/**
 * Rows of a sheet, one JSON array a line, without empty cells and rows. The header is one of the
 * first rows.
 */
export class SheetReader extends Table implements RecordReader {
  #width = Number.POSITIVE_INFINITY;
  #head: TableRow[] = [];
  #rest = '';

  push(text: string): RawRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const rows = lines.flatMap((line) => rowFrom(lineSchema.parse(JSON.parse(line)), this.#width));
    if (this.hasHeader) return this.#recordsOf(rows);
    this.#head.push(...rows);
    return (this.#head.at(-1)?.line ?? 0) > HEADER_LINES ? this.#begin() : [];
  }

  end(): RawRecord[] {
    return this.hasHeader ? [] : this.#begin();
  }

  #begin(): RawRecord[] {
    const rows = this.#head;
    this.#head = [];
    const header = findHeader(candidatesIn(rows), this.names)?.row;
    if (header === undefined) return [];
    const before = rows.indexOf(header);
    this.begin({ ...header, width: header.cells.length }, before);
    this.#width = header.cells.length;
    return this.#recordsOf(rows.slice(before + 1));
  }

  /** A row with cells only beside the columns of the header is none. */
  #recordsOf(rows: TableRow[]): RawRecord[] {
    const width = this.#width;
    const within = rows.filter(({ cells, broken }) => {
      const columns = [...Object.keys(cells), ...(broken?.keys() ?? [])];
      return columns.some((column) => Number(column) < width);
    });
    return this.records(within.map((row) => ({ ...row, width })));
  }
}

/** The rows among which the header is looked for: those of the first lines, and the first of all. */
function candidatesIn<Row extends { line: number }>(rows: readonly Row[]): Row[] {
  return rows.filter(({ line }, index) => index === 0 || line <= HEADER_LINES);
}

/** Whether one of the first rows of a sheet is a header with every required column. */
export function hasHeader(rows: readonly SheetRow[], names: ColumnNames): boolean {
  const found = rows.flatMap((row) => rowFrom(row, Number.POSITIVE_INFINITY));
  return findHeader(candidatesIn(found), names)?.isWhole === true;
}

/** The row with cells in the first `width` columns, unless it has nothing but spaces. */
function rowFrom([line, ...flat]: SheetRow, width: number): TableRow[] {
  // Assigned by index: a cell in column 16,384 must not make 16,383 others.
  const cells: string[] = [];
  const broken = new Map<number, Fault>();
  for (let at = 0; at < flat.length; at += 2) {
    const [column, cell] = [Number(flat[at]), flat[at + 1]];
    // Cells outside the columns of the header are ignored: a sheet has no delimiter to miss.
    if (column >= width) continue;
    if (typeof cell === 'object') broken.set(column, noValueFault(cell.noValue));
    else if (String(cell).trim() !== '') cells[column] = String(cell);
  }
  if (cells.length === 0 && broken.size === 0) return [];
  return [{ line, cells, width: cells.length, broken: broken.size === 0 ? undefined : broken }];
}
