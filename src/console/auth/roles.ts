/** Roles of people in the console, from the one who may least. */
const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The least role that may do each thing. Pages hide what a role may not do; the server refuses it. */
const least = {
  /** Pages, numbers and reasons; people masked; find by a whole address. */
  read: 'viewer',
  'show-people': 'operator',
  download: 'operator',
  /** Retry, continue, invite, cancel, pause, resume. */
  change: 'operator',
  /** Upload, plan and discard. */
  plan: 'operator',
  approve: 'operator',
  /** Approve accounts of a type beyond User. */
  'approve-types': 'admin',
  'set-roles': 'admin',
  purge: 'admin',
  'raw-queues': 'admin',
} as const satisfies Record<string, Role>;
export type Permission = keyof typeof least;

/** The role of this name; undefined for any other text. */
export function roleOf(name: string): Role | undefined {
  return roles.find((role) => role === name);
}

/** The role of these that may most; undefined for none. */
export function highest(given: readonly Role[]): Role | undefined {
  return roles.findLast((role) => given.includes(role));
}

/** Whether a role may do something. */
export function may(role: Role, what: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(least[what]);
}
