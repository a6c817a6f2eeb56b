import { ColumnNames } from './column-names.ts';
import {
  emptyRaw,
  missingColumns,
  missingColumnsError,
  plainName,
  putCell,
  REMEMBERED_IGNORED,
  sameColumnError,
} from './columns.ts';
import type { Column, RawRecord } from './entry.ts';
import { faultOf } from './fault.ts';

/** A row of a table with its first line, or its row in the sheet. */
export interface TableRow {
  line: number;
  cells: string[];
}

/**
 * The known columns of a file among its cells. Each row is read by these only: a header of 500,000
 * cells over as many short rows would otherwise take hours.
 */
interface Layout {
  width: number;
  columns: readonly { index: number; column: Column }[];
}

/** Turns the rows under one header, of CSV or a sheet, into records. */
export class Table {
  readonly #file: string;
  readonly #names: ColumnNames;
  #layout: Layout | undefined;
  /** Unknown headers. */
  readonly ignored: string[] = [];

  constructor(file: string, names = new ColumnNames()) {
    this.#file = file;
    this.#names = names;
  }

  /** The records of these rows; the first row of the file is the header. */
  records(records: TableRow[]): RawRecord[] {
    const start = this.#layout === undefined ? 1 : 0;
    const header = records[0];
    if (header === undefined) return [];
    this.#layout ??= this.#layoutOf(header);
    const layout = this.#layout;
    return records.slice(start).map((record) => rawRecordOf(record, layout));
  }

  #layoutOf({ line, cells }: TableRow): Layout {
    const at = { file: this.#file, line };
    const headerOf = new Map<Column, string>();
    const columns: { index: number; column: Column }[] = [];
    for (const [index, cell] of cells.entries()) {
      const column = this.#names.columnOf(cell);
      if (column === undefined) {
        this.#ignore(cell);
        continue;
      }
      const before = headerOf.get(column);
      if (before !== undefined) throw sameColumnError(at, column, [before, cell]);
      headerOf.set(column, cell);
      columns.push({ index, column });
    }
    const missing = missingColumns(new Set(headerOf.keys()));
    if (missing.length > 0) throw missingColumnsError(at, missing, cells);
    return { width: cells.length, columns };
  }

  #ignore(header: string): void {
    if (header.trim() === '' || this.ignored.length >= REMEMBERED_IGNORED) return;
    this.ignored.push(plainName(header));
  }
}

/** True also for rows of delimiters only, which spreadsheets often write at the end. */
export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/**
 * Removes the apostrophe that keeps a spreadsheet from running a cell as a formula; our report and
 * other programs write it. `'t Hooft` keeps its own.
 */
function withoutGuard(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function rawRecordOf({ line, cells }: TableRow, layout: Layout): RawRecord {
  const raw = emptyRaw();
  for (const { index, column } of layout.columns) {
    const cell = cells[index];
    if (cell !== undefined) putCell(raw, column, withoutGuard(cell.trim()));
  }
  if (cells.length === layout.width) return { line, raw, faults: [] };
  const reason = `The row has ${cells.length} cells and the header ${layout.width}; a cell that holds the delimiter must be quoted.`;
  return {
    line,
    raw,
    faults: [faultOf({ field: 'row', code: 'cell-count', value: `${cells.length}`, reason })],
  };
}
