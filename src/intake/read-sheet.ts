import { z } from 'zod';
import type { ColumnNames } from './column-names.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { isEmptyRow, Table } from './table.ts';

const rowSchema = z.array(z.string());

/**
 * Rows of a sheet as `sheet-thread.mjs` writes them: one JSON array of texts a line, also for empty
 * rows, so that the line is the row's number in the sheet. The header is the first row with cells.
 */
export class SheetReader implements RecordReader {
  readonly #table: Table;
  #width: number | undefined;
  #rest = '';
  #line = 1;

  constructor(file: string, names?: ColumnNames) {
    this.#table = new Table(file, names);
  }

  push(text: string): RawRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const rows = lines.flatMap((line) => {
      const row = { line: this.#line, cells: this.#cells(line) };
      this.#line += 1;
      return isEmptyRow(row.cells) ? [] : [row];
    });
    this.#width ??= rows[0]?.cells.length;
    return this.#table.records(rows.map((row) => ({ ...row, cells: this.#fitted(row.cells) })));
  }

  end(): RawRecord[] {
    return [];
  }

  ignoredColumns(): string[] {
    return this.#table.ignored;
  }

  #cells(line: string): string[] {
    return rowSchema.parse(JSON.parse(line));
  }

  /** Cells outside the columns of the header are ignored: a sheet has no delimiter to miss. */
  #fitted(cells: string[]): string[] {
    const width = this.#width ?? cells.length;
    return Array.from({ length: width }, (_, index) => cells[index] ?? '');
  }
}
