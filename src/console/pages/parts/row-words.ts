import { remedyFor } from '../../../overview/remedies.ts';
import type { PageRow } from '../../../overview/row-page.ts';

type RowState = PageRow['state'];

const states: Readonly<Record<RowState, string>> = {
  pending: 'To do',
  later: 'Held back',
  created: 'Created',
  existing: 'Already there',
  failed: 'Failed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  duplicate: 'Duplicate',
};

/** The state of a row in words. */
export function rowState(state: string): string {
  const known = stateOf(state);
  return known === undefined ? state : states[known];
}

/** States by which rows can be listed, in the order of the form. */
export const listedStates = Object.keys(states) as RowState[];

/** Marks by which rows can be listed, in words. */
export const listedMarks: readonly (readonly [string, string])[] = [
  ['role-differs', 'Another role than asked'],
  ['groups-missing', 'Not in every group'],
  ['not-invitable', 'Left out of the invite'],
  ['unmailed', 'Perhaps without a mail'],
];

function stateOf(name: string): RowState | undefined {
  return listedStates.find((state) => state === name);
}

/** The reason of a row in words; empty without one. */
export function reasonTitle(state: string, code: string): string {
  return code === '' ? '' : remedyFor(stateOf(state) ?? 'failed', code).title;
}
