import { hasReservedGroup } from '../../people/groups.ts';
import type { Fault } from '../entry.ts';
import { cleanCell } from './clean-cell.ts';

/** Longest cell: fifteen names of the longest kind (P-GROUP-02). */
const MAX_LENGTH = 2000;
const SHOWN_LENGTH = 120;
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/** The cells of a row that name groups, cleaned. */
export interface GroupCells {
  cells: string[];
  /** Sentences about cells that were changed or left out: no name of a group costs an account. */
  warnings: string[];
  /** System groups, which would change the role of a person (P-GROUP-12). */
  faults: Fault[];
}

const RESERVED =
  'The id is that of a system group of the portal, which changes the role of a person; use type, and groups that people made.';

export function groupCellsOf(given: readonly string[] = []): GroupCells {
  const found: GroupCells = { cells: [], warnings: [], faults: [] };
  for (const each of given) {
    const { text, changes } = cleanCell('department', each);
    found.warnings.push(...changes);
    if (text === '') continue;
    const wrong = faultIn(text);
    if (wrong !== undefined) found.warnings.push(`department: left out. ${wrong}`);
    else if (hasReservedGroup(text)) found.faults.push(reserved(text));
    else found.cells.push(text);
  }
  return found;
}

function faultIn(cell: string): string | undefined {
  if (cell.length > MAX_LENGTH) return `The cell has more than ${MAX_LENGTH} characters.`;
  return CONTROL.test(cell) ? 'The cell has a control character.' : undefined;
}

function reserved(cell: string): Fault {
  const value = cell.slice(0, SHOWN_LENGTH);
  return { field: 'department', code: 'group-reserved', value, reason: RESERVED };
}
