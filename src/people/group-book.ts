import { nearestNames } from '../nearest-names.ts';
import {
  type GroupRef,
  groupIdentity,
  hasReservedGroup,
  isGroupId,
  type KnownGroup,
} from './groups.ts';

/** Groups that a cell names, and names in it without a group. */
export interface Resolved {
  groups: GroupRef[];
  missing: string[];
}

/** The groups of a portal by id and by name. */
export class GroupBook {
  readonly #byId = new Map<string, KnownGroup>();
  readonly #byIdentity = new Map<string, KnownGroup[]>();
  readonly #isRead: boolean;
  /** Names that were asked for and that several groups have, with these groups. */
  readonly ambiguous = new Map<string, readonly KnownGroup[]>();

  constructor(groups: readonly KnownGroup[], { isRead = true } = {}) {
    this.#isRead = isRead;
    for (const group of groups) this.add(group);
  }

  /** The book of a portal whose groups the key may not read: ids count as given. */
  static unread(): GroupBook {
    return new GroupBook([], { isRead: false });
  }

  add(group: KnownGroup): void {
    this.#byId.set(group.id.toLowerCase(), group);
    const identity = groupIdentity(group.name);
    this.#byIdentity.set(identity, [...(this.#byIdentity.get(identity) ?? []), group]);
  }

  /**
   * The groups of a cell, each once: as one name as a whole, else by its parts between `|`, and these
   * by theirs between `;`. A cell of ids may also separate them with commas and spaces.
   */
  resolve(cell: string): Resolved {
    const groups = new Map<string, GroupRef>();
    const missing = new Map<string, string>();
    for (const name of this.#namesIn(cell)) {
      const found = this.#find(name);
      if (found === undefined) missing.set(groupIdentity(name), name);
      else groups.set(found.id, found);
    }
    return { groups: [...groups.values()], missing: [...missing.values()] };
  }

  /** The group of one name as a whole. */
  resolveName(name: string): Resolved {
    const found = this.#find(name);
    return found === undefined ? { groups: [], missing: [name] } : { groups: [found], missing: [] };
  }

  /** The group with this name or id; notes a name that several groups have. */
  #find(name: string): GroupRef | undefined {
    if (isGroupId(name)) {
      const id = name.toLowerCase();
      const known = this.#byId.get(id);
      const isSent = !this.#isRead && !hasReservedGroup(id);
      if (known === undefined) return isSent ? { id, name: id } : undefined;
      return { id: known.id, name: known.name };
    }
    const [only, ...others] = this.#byIdentity.get(groupIdentity(name)) ?? [];
    if (only === undefined) return undefined;
    if (others.length === 0) return { id: only.id, name: only.name };
    this.ambiguous.set(name, [only, ...others]);
    return undefined;
  }

  /** Existing names most like a name. */
  nearest(name: string): string[] {
    const names = [...this.#byId.values()].map((group) => group.name);
    return nearestNames(name, [...new Set(names)]);
  }

  #namesIn(cell: string): string[] {
    const ids = cell.split(/[;,|\s]+/).filter((part) => part !== '');
    if (ids.length > 0 && ids.every(isGroupId)) return ids;
    if (this.#isName(cell)) return [cell.trim()];
    const parts = cell
      .split('|')
      .flatMap((part) => (this.#isName(part) ? [part] : part.split(';')));
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }

  #isName(text: string): boolean {
    return this.#byIdentity.has(groupIdentity(text));
  }
}
