import { remedyOf } from '../../../overview/remedies.ts';

const states: Readonly<Record<string, string>> = {
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
  return states[state] ?? state;
}

/** States by which rows can be listed, in the order of the form. */
export const listedStates = Object.keys(states);

/** Marks by which rows can be listed, in words. */
export const listedMarks: readonly (readonly [string, string])[] = [
  ['role-differs', 'Another role than asked'],
  ['groups-missing', 'Not in every group'],
  ['not-invitable', 'Left out of the invite'],
  ['unmailed', 'Perhaps without a mail'],
];

/** The reason of a row in words; empty without one. */
export function reasonTitle(code: string): string {
  return code === '' ? '' : remedyOf(code).title;
}
