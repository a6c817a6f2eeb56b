import { trimEnds } from '../cells/ends.ts';
import type { RawPerson, RawRecord } from '../entry.ts';
import type { Meaning } from './spellings.ts';
import { type NameOrder, notSplit, splitName } from './split-name.ts';

/** U+FEFF is no space here, so that its removal can be reported. */
const isSpace = (character: string) => character !== '\uFEFF' && character.trim() === '';

/** A record without cells. */
export function emptyRecord(line: number): RawRecord {
  const raw: RawPerson = { email: '', firstName: '', lastName: '' };
  return { line, raw, faults: [] };
}

/** A cell without the space at its ends. */
export function trimSpace(cell: string): string {
  return trimEnds(cell, isSpace).text;
}

/** Writes a cell into its column, trimmed. */
export function putCell(
  record: RawRecord,
  { meaning, cell }: { meaning: Meaning; cell: string },
  order: NameOrder | undefined,
): void {
  const value = trimSpace(cell);
  if (value === '') return;
  if (meaning === 'department') {
    record.raw.department = [...(record.raw.department ?? []), value];
    return;
  }
  if (meaning !== 'name') {
    record.raw[meaning] = value;
    return;
  }
  const names = splitName(value, order ?? 'first last');
  // The row is rejected, and shows the whole name where a person looks for it.
  Object.assign(record.raw, names ?? { firstName: value, lastName: '' });
  if (names === undefined) record.faults.push(notSplit);
}
