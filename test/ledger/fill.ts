import { closeIntake, openBatch } from '../../src/ledger/batch/batches.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { encodeRow, type NewRow, recordRows } from '../../src/ledger/rows/record-rows.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { redisSpace } from '../support/space.ts';

const about = { digest: 'd', portal: 'https://p.example', inviteType: 'All' as const };

/** A ledger under a prefix of its own, empty. */
export function openSpace(): Ledger {
  const { redis, prefix } = redisSpace();
  return openLedger(redis, prefix);
}

/** Records rows as a producer does; the batch stays in intake. */
export async function fill(ledger: Ledger, id: string, rows: readonly NewRow[]): Promise<void> {
  await openBatch(ledger, { id, ...about });
  for (let first = 0; first < rows.length; first += 1000) {
    await recordRows(ledger, {
      batch: id,
      first,
      rows: rows.slice(first, first + 1000).map(encodeRow),
    });
  }
}

/** Records rows, closes the batch and settles every row as created. */
export async function fillCreated(
  ledger: Ledger,
  id: string,
  rows: readonly NewRow[],
): Promise<void> {
  await fill(ledger, id, rows);
  await closeIntake(ledger, id);
  await Promise.all(rows.map((_, row) => settle(ledger, id, row, 'created')));
}

export async function settle(
  ledger: Ledger,
  batch: string,
  row: number,
  state: 'created' | 'existing' | 'failed',
): Promise<void> {
  const outcome = { code: 'c', reason: 'r', portalId: `id-${row}`, attempts: 1 };
  await settleRow(ledger, { batch, round: 1, row }, { state, outcome });
}
