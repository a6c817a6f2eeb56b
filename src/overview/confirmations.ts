import { type Affected, type ChangeName, countAffected } from '../ledger/batch/affected.ts';
import type { RetryPick } from '../ledger/batch/retry-rows.ts';
import type { Readable } from './overview.ts';

/**
 * Round and number of people that an action reaches now, to be shown before it and sent with it: the
 * action counts in the same way. `filter` is that of a retry.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export function countFor(
  { ledger }: Pick<Readable, 'ledger'>,
  batch: string,
  ...[action, filter]: [action: ChangeName, filter?: RetryPick]
): Promise<Affected> {
  return countAffected(ledger, batch, { action, pick: filter });
}
