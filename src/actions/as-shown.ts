import { OnboardError } from '../errors.ts';
import { type Affected, type ChangeName, refuseMoved } from '../ledger/batch/affected.ts';
import type { RetryPick } from '../ledger/batch/retry-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';

interface Confirmation {
  batch: string;
  action: ChangeName;
  pick?: RetryPick | undefined;
  shown: Affected | undefined;
}

/**
 * Runs a change with the check that the batch is still as shown; without `shown` there is no check.
 * Where another change is at work, or was faster, the error says what moved.
 * @throws {OnboardError} E_MOVED; what `work` throws.
 */
export async function asShown<T>(
  ledger: Ledger,
  { batch, shown, ...change }: Confirmation,
  work: (check: (() => Promise<void>) | undefined) => Promise<T>,
): Promise<T> {
  if (shown === undefined) return work(undefined);
  const check = () => refuseMoved(ledger, batch, { ...change, shown });
  try {
    return await work(check);
  } catch (error) {
    const isLate = error instanceof OnboardError && /^E_BATCH_(?:BUSY|STATE)$/.test(error.code);
    if (isLate) await check();
    throw error;
  }
}
