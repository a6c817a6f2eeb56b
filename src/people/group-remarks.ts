import { counted } from '../count.ts';
import { line } from '../printable.ts';
import type { GroupBook } from './group-book.ts';
import type { Remark } from './remark.ts';
import type { MissingName } from './settle-names.ts';

/** Names in one sentence. */
const MOST_NAMED = 10;

/** The sentence about names that no group of the portal has; none without such names. */
export function unknownRemarks(missing: readonly MissingName[], book: GroupBook): Remark[] {
  if (missing.length === 0) return [];
  const named = missing.slice(0, MOST_NAMED).map((each) => unknownText(each, book));
  const rest = missing.length - named.length;
  const others = rest > 0 ? ` and ${counted(rest, 'other name', 'other names')}` : '';
  const text = line`no group of the portal has the name ${named.join(', ')}${others}: these people are created without it`;
  return [{ code: 'groups-unknown', text }];
}

/** A name with its rows and the existing names most like it, as `"Salez" (2 rows; like "Sales")`. */
function unknownText({ name, rows }: MissingName, book: GroupBook): string {
  const near = book.nearest(name).map((each) => JSON.stringify(each));
  const like = near.length === 0 ? '' : `; like ${near.join(', ')}`;
  return `${JSON.stringify(name)} (${counted(rows, 'row', 'rows')}${like})`;
}

/** The sentence about groups that were made. */
export function madeRemarks(names: readonly string[]): Remark[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMED).map((name) => JSON.stringify(name));
  const rest = names.length - shown.length;
  const others = rest > 0 ? ` and ${counted(rest, 'other', 'others')}` : '';
  return [{ code: 'groups-made', text: line`groups made: ${shown.join(', ')}${others}` }];
}

/** The sentence about groups that the key may not read; `reason` is a full sentence. */
export function unreadRemarks(reason: string): Remark[] {
  const text = line`the groups of the portal could not be read, so that people are created without those that the list names (${reason.replace(/\.$/, '')}): add accounts:read to the key`;
  return [{ code: 'groups-unread', text }];
}
