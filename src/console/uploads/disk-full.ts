import { codeOf, OnboardError } from '../../errors.ts';

/** E_DISK_FULL with what to do after making room; undefined for every other error. */
export function diskFull(error: unknown, then: string): OnboardError | undefined {
  if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') return undefined;
  const text = `the disk of the console is full: make room below ONBOARD_DATA_DIR, then ${then}`;
  return new OnboardError('E_DISK_FULL', text, { cause: error });
}
