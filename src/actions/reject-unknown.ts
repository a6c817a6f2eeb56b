import type { NewRow } from '../ledger/rows/record-rows.ts';
import type { GroupBook } from '../people/group-book.ts';
import { cellKey, type NamedGroups } from '../people/groups.ts';

/** Unknown names that are compared with all groups: 0.1 ms for each group. */
const MOST_COMPARED = 1000;

interface Known {
  named: NamedGroups;
  book: GroupBook;
}

/** The rows, where those that name an unknown group are rejected. */
export async function* rejectUnknown(
  rows: AsyncIterable<NewRow>,
  { named, book }: Known,
): AsyncGenerator<NewRow> {
  const reasons = new Map<string, string>();
  const reasonOf = (name: string) => {
    const known = reasons.get(name);
    if (known !== undefined) return known;
    const reason = sentence(name, reasons.size < MOST_COMPARED ? book.nearest(name) : []);
    reasons.set(name, reason);
    return reason;
  };
  for await (const row of rows) {
    const cells = row.kind === 'person' ? (row.person.department ?? []) : [];
    const missing = cells.flatMap((cell) => named.get(cellKey(cell))?.missing ?? []);
    if (row.kind === 'rejected' || missing.length === 0) {
      yield row;
      continue;
    }
    const faults = [...new Set(missing)].map((name) => ({
      field: 'department',
      code: 'group-unknown',
      value: name,
      reason: reasonOf(name),
    }));
    yield { kind: 'rejected', at: row.at, raw: row.person, faults };
  }
}

function sentence(name: string, nearest: readonly string[]): string {
  const near = nearest.map((each) => `"${each}"`);
  const like = near.length === 0 ? '' : ` It has ${near.join(', ')}.`;
  return `The portal has no group "${name}".${like}`;
}
