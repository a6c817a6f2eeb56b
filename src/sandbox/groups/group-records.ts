/** A group as the portal stores it; members are ids of accounts in the order in which they joined. */
export interface Group {
  readonly id: string;
  name: string;
  managerId?: string | undefined;
  readonly members: Set<string>;
}

/** The groups of a portal. Names are no keys: two groups may have the same (P-GROUP-01). */
export class GroupRecords {
  readonly #newId: () => string;
  readonly #byId = new Map<string, Group>();
  readonly #byMember = new Map<string, Set<Group>>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  add(name: string): Group {
    const group = { id: this.#newId(), name, members: new Set<string>() };
    this.#byId.set(group.id, group);
    return group;
  }

  get(id: string): Group | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  all(): Group[] {
    return [...this.#byId.values()];
  }

  /** The groups of one account; O(1) apart from the result. */
  of(accountId: string): Group[] {
    return [...(this.#byMember.get(accountId) ?? [])];
  }

  join(group: Group, accountId: string): void {
    group.members.add(accountId);
    const joined = this.#byMember.get(accountId) ?? new Set();
    this.#byMember.set(accountId, joined.add(group));
  }

  leave(group: Group, accountId: string): void {
    group.members.delete(accountId);
    this.#byMember.get(accountId)?.delete(group);
    if (group.managerId === accountId) group.managerId = undefined;
  }

  remove(group: Group): void {
    for (const id of [...group.members]) this.leave(group, id);
    this.#byId.delete(group.id);
  }
}
