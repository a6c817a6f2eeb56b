import type { GroupBook } from './group-book.ts';
import { groupIdentity, isForAll, type Named, type NamedGroups } from './groups.ts';

/** A name that no group of the portal has. */
export interface MissingName {
  name: string;
  /** Rows of the list with it. */
  rows: number;
  /** Asked for everybody. */
  isForAll: boolean;
}

/** The names of a list and their meaning on a portal. */
export interface Settled {
  named: Map<string, Named>;
  /** Names without a group, each once, in the order of the list. */
  missing: MissingName[];
}

/** Finds every name in the book. Names that several groups have are noted there as ambiguous. */
export function settleNames(given: NamedGroups, book: GroupBook): Settled {
  const named = new Map<string, Named>();
  const missing = new Map<string, MissingName>();
  for (const [key, { rows }] of given) {
    const text = key.slice(1);
    const resolved = isForAll(key) ? book.resolveName(text) : book.resolve(text);
    named.set(key, { rows, ...resolved });
    for (const name of resolved.missing) {
      const known = missing.get(groupIdentity(name)) ?? { name, rows: 0, isForAll: false };
      known.rows += rows;
      known.isForAll ||= isForAll(key);
      missing.set(groupIdentity(name), known);
    }
  }
  return { named, missing: [...missing.values()] };
}
