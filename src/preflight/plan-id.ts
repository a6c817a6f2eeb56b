import { createHash } from 'node:crypto';

/** Parts of a plan, so that a changed plan can name the change. */
export interface PlanParts {
  input: string;
  /** Every option that affects the batch. */
  options: unknown;
  portal: string;
  /** Numbers of accepted, rejected and duplicate rows. */
  counts: readonly number[];
  /** Digest of the existing people; only with a lookup. */
  present?: string | undefined;
}

const names = ['input', 'options', 'portal', 'counts', 'present'] as const;

/** `p1`, then eight hexadecimal characters of a SHA-256 for each part. */
export function planId(parts: PlanParts): string {
  const known = names.map((name) => parts[name]).filter((part) => part !== undefined);
  const hashes = known.map((part) => createHash('sha256').update(JSON.stringify(part)));
  return ['p1', ...hashes.map((hash) => hash.digest('hex').slice(0, 8))].join('-');
}

export function isPlanId(text: string): boolean {
  return /^p1(-[0-9a-f]{8}){4,5}$/.test(text);
}

/** Whether the plan was made with a lookup, so that a comparison needs one too. */
export function hasLookup(id: string): boolean {
  return id.split('-').length === names.length + 1;
}

/** The parts in which two plans of the same form differ. */
export function movedParts(planned: string, found: string): string[] {
  const [, ...before] = planned.split('-');
  const [, ...now] = found.split('-');
  return names.filter((_, index) => before[index] !== now[index]);
}

/** The causes among parts that differ: numbers and existing people follow from the others. */
export function causesAmong(moved: readonly string[]): readonly string[] {
  const causes = moved.filter((name) => name !== 'counts' && name !== 'present');
  return causes.length > 0 ? causes : moved;
}
