import { counted } from '../count.ts';
import {
  ColumnNames,
  emptyRaw,
  noteHeader,
  plainName,
  putCell,
  REMEMBERED_IGNORED,
  refuseMissing,
} from './columns.ts';
import type { Column, RawRecord } from './entry.ts';
import { withoutGuard } from './formula-guard.ts';

/** A row with its first line, or its row in the sheet. */
export interface TableRow {
  line: number;
  /** By column; an empty cell may be absent. */
  cells: readonly string[];
  /** Number of cells, with the empty ones. */
  width: number;
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
  protected readonly file: string;
  readonly #names: ColumnNames;
  #layout: Layout | undefined;
  readonly #ignored: string[] = [];

  constructor(file: string, names = new ColumnNames()) {
    this.file = file;
    this.#names = names;
  }

  ignoredColumns(): string[] {
    return this.#ignored;
  }

  /** The records of these rows; the first row of the file is the header. */
  protected records(rows: TableRow[]): RawRecord[] {
    const layout = this.#layout;
    if (layout !== undefined) return rows.map((row) => rawRecordOf(row, layout));
    const [header, ...others] = rows;
    if (header === undefined) return [];
    this.#layout = this.#layoutOf(header);
    return this.records(others);
  }

  #layoutOf({ line, cells, width }: TableRow): Layout {
    const at = { file: this.file, line };
    const headers = new Map<Column, string>();
    const columns: { index: number; column: Column }[] = [];
    for (const [index, header = ''] of cells.entries()) {
      const column = this.#names.columnOf(header);
      if (column !== undefined) {
        noteHeader(headers, { column, header }, at);
        columns.push({ index, column });
      } else if (header.trim() !== '' && this.#ignored.length < REMEMBERED_IGNORED) {
        this.#ignored.push(plainName(header));
      }
    }
    const named = cells.filter((cell) => cell.trim() !== '');
    refuseMissing(headers, named, at);
    return { width, columns };
  }
}

function rawRecordOf({ line, cells, width }: TableRow, layout: Layout): RawRecord {
  const record: RawRecord = { line, raw: emptyRaw(), faults: [] };
  for (const { index, column } of layout.columns) {
    const cell = cells[index];
    if (cell !== undefined) putCell(record.raw, column, withoutGuard(cell.trim()));
  }
  if (width !== layout.width) {
    const found = counted(width, 'cell', 'cells');
    const reason = `The row has ${found} and the header ${layout.width}; quote a cell that holds the delimiter.`;
    record.faults.push({ field: 'row', code: 'cell-count', value: `${width}`, reason });
  }
  return record;
}
