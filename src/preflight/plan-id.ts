import { createHash } from 'node:crypto';

/** What a plan is about, part by part, so that a plan that moved can say where. */
export interface PlanParts {
  /** Digest of the files' contents. */
  input: string;
  /** Every option that decides what the batch does. */
  options: unknown;
  /** Origin of the portal. */
  portal: string;
  /** What becomes of the rows: accepted, rejected, duplicates. */
  counts: readonly number[];
  /** Who is on the portal already; only with a lookup. */
  present?: string | undefined;
}

const names = ['input', 'options', 'portal', 'counts', 'present'] as const;
const FORM = /^p1(-[0-9a-f]{8}){4,5}$/;

/** `p1`, then eight hexadecimal characters of a SHA-256 for each part. */
export function planId(parts: PlanParts): string {
  const known = names.filter((name) => parts[name] !== undefined);
  return ['p1', ...known.map((name) => shortHash(parts[name]))].join('-');
}

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}

export function isPlanId(text: string): boolean {
  return FORM.test(text);
}

/** Whether the plan was made with a lookup, so that holding something against it needs one too. */
export function hasLookup(id: string): boolean {
  return id.split('-').length === names.length + 1;
}

/** The parts in which two plans of the same form differ. */
export function movedParts(planned: string, found: string): string[] {
  const [, ...before] = planned.split('-');
  const [, ...now] = found.split('-');
  return names.filter((_, index) => before[index] !== now[index]);
}
