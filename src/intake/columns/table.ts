import { counted } from '../../count.ts';
import { withoutGuard } from '../../formula-guard.ts';
import type { Fault, FileFacts, RawRecord } from '../entry.ts';
import { keyOf, noteHeader, plainName, refuseMissing } from './column-errors.ts';
import { ColumnNames } from './column-names.ts';
import { emptyRecord, putCell, trimSpace } from './raw-person.ts';
import type { Meaning } from './spellings.ts';

/** Limit of stored names of unknown columns; a file may have any number. */
export const REMEMBERED_IGNORED = 50;

/** A row with its first line, or its row in the sheet. */
export interface TableRow {
  line: number;
  /** By column; an empty cell may be absent. */
  cells: readonly string[];
  /** Number of cells, with the empty ones. */
  width: number;
  /** Columns whose cell has no value, such as a formula that was never computed. */
  broken?: ReadonlyMap<number, Fault> | undefined;
}

/**
 * The known columns of a file among its cells. Each row is read by these only: a header of 500,000
 * cells over as many short rows would otherwise take hours.
 */
interface Layout {
  width: number;
  columns: readonly { index: number; meaning: Meaning }[];
  /** Cells that a row must have: up to the last required column. */
  least: number;
}

/** Turns the rows under one header, of CSV or a sheet, into records. */
export class Table {
  protected readonly file: string;
  protected readonly names: ColumnNames;
  #layout: Layout | undefined;
  readonly #headers = new Map<Meaning, string>();
  readonly #ignored: string[] = [];
  #headerLine = 0;
  #skippedRows = 0;

  constructor(file: string, names = new ColumnNames()) {
    this.file = file;
    this.names = names;
  }

  facts(): FileFacts {
    return {
      ignored: this.#ignored,
      headers: this.#headers,
      headerLine: this.#headerLine,
      skippedRows: this.#skippedRows,
    };
  }

  /** Whether the header is known. */
  protected get hasHeader(): boolean {
    return this.#layout !== undefined;
  }

  /**
   * Takes a row as the header; `skippedRows` rows are before it.
   * @throws {OnboardError} E_FILE_COLUMNS
   */
  protected begin(row: TableRow, skippedRows: number): void {
    const at = { file: this.file, line: row.line };
    const columns: { index: number; meaning: Meaning }[] = [];
    const found = row.cells.filter((cell) => cell.trim() !== '');
    this.names.see(row.cells);
    const meanings = this.names.meaningsOf(row.cells);
    for (const [index, header = ''] of row.cells.entries()) {
      const meaning = meanings[index];
      if (meaning !== undefined) {
        noteHeader(this.#headers, { meaning, header, all: found }, at);
        columns.push({ index, meaning });
      } else if (header.trim() !== '' && this.#ignored.length < REMEMBERED_IGNORED) {
        this.#ignored.push(plainName(header));
      }
    }
    const { required } = this.names;
    refuseMissing(this.#headers, { required, found }, at);
    const places = columns.map(({ index, meaning }) =>
      required.includes(meaning) ? index + 1 : 0,
    );
    this.#layout = { width: row.width, columns, least: Math.max(...places) };
    this.#headerLine = row.line;
    this.#skippedRows = skippedRows;
  }

  /** The records of rows below the header. */
  protected records(rows: TableRow[]): RawRecord[] {
    const layout = this.#layout;
    if (layout === undefined) return [];
    return rows.map((row) => this.#recordOf(row, layout));
  }

  #recordOf(row: TableRow, layout: Layout): RawRecord {
    const { line, cells, width, broken } = row;
    const record = emptyRecord(line);
    for (const { index, meaning } of layout.columns) {
      const cell = cells[index];
      if (cell !== undefined) {
        const plain = withoutGuard(trimSpace(cell));
        putCell(record, { meaning, cell: plain }, this.names.order);
      }
      const fault = broken?.get(index);
      if (fault !== undefined) record.faults.push({ ...fault, field: fieldOf(meaning) });
    }
    const fault = width === layout.width ? undefined : this.#widthFault(row, layout);
    if (fault !== undefined) record.faults.push(fault);
    return record;
  }

  /** Spreadsheets leave out empty cells at the end of a row, and write some behind it. */
  #widthFault({ cells, width }: TableRow, layout: Layout): Fault | undefined {
    if (width < layout.width && width >= layout.least) return undefined;
    const found = `The row has ${counted(width, 'cell', 'cells')} and the header ${layout.width}`;
    const fault = { field: 'row', code: 'cell-count', value: `${width}` } as const;
    if (width > layout.width) {
      const isLonger = cells.slice(layout.width).some((cell) => cell.trim() !== '');
      return isLonger
        ? { ...fault, reason: `${found}; quote a cell that holds the delimiter.` }
        : undefined;
    }
    const required = layout.columns.filter(({ meaning }) => this.names.required.includes(meaning));
    const missing = required.filter(({ index }) => index >= width);
    const lacks = missing.map(({ meaning }) => keyOf(meaning)).join(', ');
    return { ...fault, reason: `${found}; it ends before ${lacks}. Add the missing cells.` };
  }
}

function fieldOf(meaning: Meaning): Fault['field'] {
  return meaning === 'name' ? 'firstName' : meaning;
}
