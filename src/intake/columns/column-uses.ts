import type { FileFacts } from '../entry.ts';
import { plainName } from './column-errors.ts';

/** A column of a file, and how it is read. */
export interface ColumnUse {
  file: string;
  header: string;
  /** Its meaning, as `email`; null for a column that is not read. */
  column: string | null;
  /** Number of its values, where none is understood, so that it is not read. */
  notUnderstood?: number;
}

interface Found {
  facts: FileFacts;
  notUnderstood: ReadonlyMap<string, number>;
}

/** The columns of a file: those that mean something first. */
export function columnUses(file: string, { facts, notUnderstood }: Found): ColumnUse[] {
  const known = [...facts.headers].map(([column, header]): ColumnUse => {
    const values = notUnderstood.get(column);
    const use = { file, header: plainName(header), column };
    return values === undefined ? use : { ...use, notUnderstood: values };
  });
  return [...known, ...facts.ignored.map((header) => ({ file, header, column: null }))];
}
