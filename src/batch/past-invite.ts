import { OnboardError } from '../errors.ts';
import type { NewBatch } from '../ledger/batch/batches.ts';
import { hasBatch } from '../ledger/batch/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { zonedTime } from '../zoned-time.ts';

/**
 * Refuses a time of the invite that has gone by, unless the batch is stored already: the same
 * submission again must continue it. Without a ledger no batch is stored. `now` in ms.
 * @throws {OnboardError} E_USAGE
 */
export async function refusePastInvite(
  ledger: Ledger | undefined,
  { id, inviteAt }: NewBatch,
  now: number,
): Promise<void> {
  if (inviteAt === undefined || inviteAt > now) return;
  if (ledger !== undefined && (await hasBatch(ledger, id))) return;
  throw new OnboardError(
    'E_USAGE',
    `the time of the invite (${zonedTime(inviteAt)}) has gone by: give a later one, or none`,
  );
}
