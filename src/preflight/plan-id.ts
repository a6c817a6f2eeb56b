import { createHash } from 'node:crypto';

/** Parts of a plan, so that a changed plan can name the change. */
export interface PlanParts {
  input: string;
  /** Every option that affects the batch. */
  options: unknown;
  portal: string;
  /** Numbers of accepted, rejected and duplicate rows, and a digest of the result of each. */
  counts: readonly (number | string)[];
  /** Digest of the existing people; only with a lookup. */
  present?: string | undefined;
  /** How the names of groups were resolved; only where they were. */
  groups?: unknown;
}

const names = ['input', 'options', 'portal', 'counts', 'present'] as const;

/** `p1`, then eight hexadecimal characters of a SHA-256 for each part, those of groups after a `g`. */
export function planId(parts: PlanParts): string {
  const known = names.map((name) => parts[name]).filter((part) => part !== undefined);
  const hashes = known.map((part) => createHash('sha256').update(JSON.stringify(part)));
  const id = ['p1', ...hashes.map((hash) => hash.digest('hex').slice(0, 8))].join('-');
  if (parts.groups === undefined) return id;
  const groups = createHash('sha256').update(JSON.stringify(parts.groups)).digest('hex');
  return `${id}-g${groups.slice(0, 8)}`;
}

/** An id in its parts, and that of the groups, which has a letter in front. */
function partsOf(id: string): { hashes: string[]; groups: string | undefined } {
  const [, ...hashes] = id.split('-');
  const groups = hashes.at(-1)?.startsWith('g') ? hashes.pop() : undefined;
  return { hashes, groups };
}

export function isPlanId(text: string): boolean {
  return /^p1(-[0-9a-f]{8}){4,5}(-g[0-9a-f]{8})?$/.test(text);
}

/** Whether the plan was made with a lookup, so that a comparison needs one too. */
export function hasLookup(id: string): boolean {
  return partsOf(id).hashes.length === names.length;
}

/** The parts in which two plans of the same form differ. */
export function movedParts(planned: string, found: string): string[] {
  const [before, now] = [partsOf(planned), partsOf(found)];
  const moved = names.filter((_, index) => before.hashes[index] !== now.hashes[index]);
  return before.groups === now.groups ? moved : [...moved, 'groups'];
}

/** Parts that nothing else changes, then those that follow from them, then what follows from all. */
const ranks = [['input', 'options', 'portal'], ['groups'], ['counts', 'present']];

/** The causes among parts that differ: existing people and groups, for example, follow from the files. */
export function causesAmong(moved: readonly string[]): readonly string[] {
  const causes = ranks.map((rank) => moved.filter((name) => rank.includes(name)));
  return causes.find((rank) => rank.length > 0) ?? [];
}
