import type { ColumnNames } from './column-names.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { refuseGiant } from './file-error.ts';
import { JsonColumns } from './json-columns.ts';

/** One JSON object per line; empty lines are skipped. */
export class NdjsonReader implements RecordReader {
  readonly #file: string;
  readonly #columns: JsonColumns;
  #rest = '';
  #line = 1;

  constructor(file: string, names?: ColumnNames) {
    this.#file = file;
    this.#columns = new JsonColumns(file, names);
  }

  push(text: string): RawRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const records = this.#read(lines);
    refuseGiant(this.#rest.length, { file: this.#file, line: this.#line });
    return records;
  }

  end(): RawRecord[] {
    const records = this.#read([this.#rest]);
    this.#columns.refuseMissing();
    return records;
  }

  ignoredColumns(): string[] {
    return this.#columns.ignored;
  }

  #read(lines: readonly string[]): RawRecord[] {
    const records: RawRecord[] = [];
    for (const line of lines) {
      if (line.trim() !== '') records.push(this.#columns.record(line, this.#line));
      this.#line += 1;
    }
    return records;
  }
}
