import { isCulture, typeFrom } from '../cells/cell-rules.ts';
import { cleanCell } from '../cells/clean-cell.ts';
import type { RawRecord } from '../entry.ts';
import { type OptionalColumn, optionalColumns } from './column-names.ts';

/** Whether a value belongs into its column; a Guest is a type, although the portal makes none. */
const belongs: Record<OptionalColumn, (cell: string) => boolean> = {
  type: (cell) => typeFrom(cell) !== undefined || cell.toLowerCase() === 'guest',
  culture: isCulture,
  // Every text may be the name of a group.
  department: () => true,
  comment: () => true,
};

/**
 * Finds columns that a list has for another purpose, such as `Type` with Full-time: those in which no
 * value of the whole file is understood.
 */
export class Understanding {
  readonly #understood = new Set<OptionalColumn>();
  readonly #values = new Map<OptionalColumn, number>();

  note(records: readonly RawRecord[]): void {
    for (const column of optionalColumns) {
      if (this.#understood.has(column)) continue;
      for (const record of records) this.#look(record, column);
    }
  }

  #look({ raw, faults }: RawRecord, column: OptionalColumn): void {
    const cell = column === 'department' ? raw.department?.join() : raw[column];
    const fault = faults.find(({ field }) => field === column);
    // A row with missing or extra cells says nothing about a column.
    if ((cell === undefined && fault === undefined) || faults.some(({ field }) => field === 'row'))
      return;
    this.#values.set(column, (this.#values.get(column) ?? 0) + 1);
    // Nobody knows what a formula without a result would have given.
    const isHidden = fault?.code === 'no-value';
    const isKnown = cell !== undefined && fault === undefined;
    if (isHidden || (isKnown && belongs[column](cleanCell(column, cell).text))) {
      this.#understood.add(column);
    }
  }

  /** Columns with values, none of which is understood, and the number of these. */
  notUnderstood(): Map<OptionalColumn, number> {
    return new Map([...this.#values].filter(([column]) => !this.#understood.has(column)));
  }
}

/** A record without the cells and faults of columns that are not read. */
export function withoutColumns(
  record: RawRecord,
  columns: ReadonlyMap<OptionalColumn, number>,
): RawRecord {
  if (columns.size === 0) return record;
  const raw = { ...record.raw };
  for (const column of columns.keys()) delete raw[column];
  const isOut = new Set<string>(columns.keys());
  return { ...record, raw, faults: record.faults.filter(({ field }) => !isOut.has(field)) };
}
