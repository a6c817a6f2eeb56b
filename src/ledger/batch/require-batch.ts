import { OnboardError } from '../../errors.ts';
import { nearestNames } from '../../nearest-names.ts';
import { line } from '../../printable.ts';
import type { Ledger } from '../ledger.ts';
import { batchIds, hasBatch } from './batches.ts';

/** Batches whose names are searched, at most. */
const MOST_READ = 10_000;

/**
 * Checks that a batch exists. Only the whole id counts: once import-1 is purged, `cancel import-1`
 * must not mean import-10.
 * @throws {OnboardError} E_BATCH_UNKNOWN, with the names most like the one given.
 */
export async function requireBatch(ledger: Ledger, id: string): Promise<void> {
  if (await hasBatch(ledger, id)) return;
  const near = nearestNames(id, await batchIds(ledger, MOST_READ));
  const hint = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  throw new OnboardError(
    'E_BATCH_UNKNOWN',
    line`no batch ${id} found${hint}; \`onboard status\` lists the batches that exist`,
    { details: { near } },
  );
}
