import type { ColumnNames } from './column-names.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { JsonColumns } from './json-columns.ts';
import { JsonElements } from './json-elements.ts';

/** One JSON array of objects. */
export class JsonReader implements RecordReader {
  readonly #elements: JsonElements;
  readonly #columns: JsonColumns;

  constructor(file: string, names?: ColumnNames) {
    this.#elements = new JsonElements(file);
    this.#columns = new JsonColumns(file, names);
  }

  push(text: string): RawRecord[] {
    return this.#elements.push(text).map((element) => {
      return this.#columns.record(element.text, element.line);
    });
  }

  end(): RawRecord[] {
    this.#elements.end();
    this.#columns.refuseMissing();
    return [];
  }

  ignoredColumns(): string[] {
    return this.#columns.ignored;
  }
}
