import type { NewRow } from '../ledger/rows/record-rows.ts';
import type { GroupBook } from '../people/group-book.ts';
import { cellKey, type NamedGroups } from '../people/groups.ts';

interface Known {
  named: NamedGroups;
  book: GroupBook;
}

/** The rows, where those that name an unknown group are rejected. */
export async function* rejectUnknown(
  rows: AsyncIterable<NewRow>,
  { named, book }: Known,
): AsyncGenerator<NewRow> {
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
      reason: reasonOf(name, book),
    }));
    yield { kind: 'rejected', at: row.at, raw: row.person, faults };
  }
}

function reasonOf(name: string, book: GroupBook): string {
  const near = book.nearest(name).map((each) => `"${each}"`);
  const like = near.length === 0 ? '' : ` It has ${near.join(', ')}.`;
  return `The portal has no group "${name}".${like}`;
}
