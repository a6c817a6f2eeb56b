import { z } from 'zod';
import type { RawRecord, RecordReader } from './entry.ts';
import { Table, type TableRow } from './table.ts';

/** A row as `convertSheet` writes it: its number, then column and text of each cell. */
const lineSchema = z.tuple([z.number()]).rest(z.union([z.number(), z.string()]));

/**
 * Rows of a sheet, one JSON array a line, without empty cells and rows. The header is the first row
 * with cells.
 */
export class SheetReader extends Table implements RecordReader {
  #width: number | undefined;
  #rest = '';

  push(text: string): RawRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return this.records(lines.flatMap((line) => this.#rowFrom(line)));
  }

  end(): RawRecord[] {
    return [];
  }

  /** The row, unless it has nothing but spaces. */
  #rowFrom(text: string): TableRow[] {
    const [line, ...flat] = lineSchema.parse(JSON.parse(text));
    // Assigned by index: a cell in column 16,384 must not make 16,383 others.
    const cells: string[] = [];
    let hasText = false;
    for (let at = 0; at < flat.length; at += 2) {
      const [column, cell] = [Number(flat[at]), String(flat[at + 1])];
      if (cell.trim() === '') continue;
      hasText = true;
      // Cells outside the columns of the header are ignored: a sheet has no delimiter to miss.
      if (column < (this.#width ?? Number.POSITIVE_INFINITY)) cells[column] = cell;
    }
    if (!hasText) return [];
    this.#width ??= cells.length;
    return [{ line, cells, width: this.#width }];
  }
}
