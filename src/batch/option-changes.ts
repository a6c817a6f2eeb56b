import {
  type BatchOptionName,
  type BatchOptions,
  batchOptionNames,
} from '../ledger/batch/batch-options.ts';
import { isOver } from '../ledger/batch/batch-state.ts';
import type { Batch } from '../ledger/batch/batches.ts';

/** An option that a later submission of a stored batch gave. */
export interface OptionChange {
  name: BatchOptionName;
  from: BatchOptions[BatchOptionName];
  to: BatchOptions[BatchOptionName];
  /** Why the batch keeps its own; absent when it changed. */
  refused?: string;
}

const GATES: ReadonlySet<BatchOptionName> = new Set([
  'inviteHeld',
  'inviteAt',
  'minCreatedPercent',
]);

/** Every option that is given, compared with those of the batch as it is stored. */
export function optionChanges(stored: Batch, given: BatchOptions): OptionChange[] {
  return batchOptionNames.flatMap((name) => {
    const to = given[name];
    if (to === undefined || to === false) return [];
    const refused = refusalOf(stored, name);
    return [{ name, from: stored[name], to, ...(refused === undefined ? {} : { refused }) }];
  });
}

function refusalOf(stored: Batch, name: BatchOptionName): string | undefined {
  if (isOver(stored)) return `the batch is ${stored.state}`;
  if (name === 'limit' && stored.state !== 'intake') return 'the batch has begun';
  if (!GATES.has(name)) return undefined;
  if (stored.cancelling !== undefined) return 'the batch is being cancelled';
  return stored.inviteReleased ? 'the invite was released (onboard invite)' : undefined;
}
