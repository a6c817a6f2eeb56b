import type { GroupBook } from '../people/group-book.ts';
import {
  cellKey,
  type GroupMode,
  groupIdentity,
  mayBeMade,
  type NamedGroups,
  nameKey,
} from '../people/groups.ts';
import type { Person } from '../people/person.ts';

/** Names of a submission with their groups on the portal. */
export interface GroupsOfPlan {
  mode: GroupMode;
  named: NamedGroups;
  book: GroupBook;
}

/** Unknown names that are compared with all groups: 0.1 ms for each group. */
const MOST_COMPARED = 100;

interface Counted {
  name: string;
  people: number;
}

/** The groups of a plan with the people in each; `unknown` also names the groups most like it. */
export interface PlannedGroups {
  existing: (Counted & { id: string })[];
  toMake: Counted[];
  unknown: (Counted & { nearest: string[] })[];
}

/** Counts the people of each group. */
export class GroupTally {
  readonly #groups: GroupsOfPlan;
  readonly #forAll: readonly string[];
  readonly #existing = new Map<string, Counted & { id: string }>();
  readonly #missing = new Map<string, Counted>();

  constructor(groups: GroupsOfPlan, forAll: readonly string[]) {
    this.#groups = groups;
    this.#forAll = forAll.map((name) => nameKey(name.trim()));
  }

  /** Counts an accepted person. */
  note({ department = [] }: Person): void {
    const keys = [...department.map(cellKey), ...this.#forAll];
    const all = keys.map((key) => this.#groups.named.get(key));
    const groups = new Map(all.flatMap((each) => (each?.groups ?? []).map((one) => [one.id, one])));
    for (const { id, name } of groups.values()) {
      const known = this.#existing.get(id) ?? { id, name, people: 0 };
      this.#existing.set(id, { ...known, people: known.people + 1 });
    }
    const missing = new Map(
      all.flatMap((each) => (each?.missing ?? []).map((name) => [groupIdentity(name), name])),
    );
    for (const [identity, name] of missing) {
      const known = this.#missing.get(identity) ?? { name, people: 0 };
      this.#missing.set(identity, { ...known, people: known.people + 1 });
    }
  }

  result(): PlannedGroups {
    const { mode, book } = this.#groups;
    const missing = [...this.#missing.values()];
    const isToMake = ({ name }: Counted) => mode === 'create' && mayBeMade(name);
    return {
      existing: [...this.#existing.values()],
      toMake: missing.filter(isToMake),
      unknown: missing
        .filter((each) => !isToMake(each))
        .map((each, index) => {
          return { ...each, nearest: index < MOST_COMPARED ? book.nearest(each.name) : [] };
        }),
    };
  }
}

/** How every name was resolved, in one order: a part of the plan's id. */
export function resolutionOf({ named }: GroupsOfPlan): unknown {
  return [...named]
    .map(([key, { groups = [], missing = [] }]) => [key, groups.map(({ id }) => id), missing])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
