import type { GroupRef } from '../../people/groups.ts';
import type { Ledger } from '../ledger.ts';
import { markRows } from './marks.ts';
import { decodeOutcome, type RowOutcome } from './row-codec.ts';
import { bucketOf } from './row-state.ts';

/** A row whose account is to be added to groups. */
export interface Joining {
  row: number;
  portalId: string;
  joins: readonly GroupRef[];
}

/** The groups that the accounts of these rows are to be added to. */
export async function readJoining(
  ledger: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<Joining[]> {
  const outcomes = await Promise.all(rows.map((row) => readOutcome(ledger, batch, row)));
  return rows.map((row, index) => {
    const { portalId = '', joins = [] } = outcomes[index] ?? {};
    return { row, portalId, joins: portalId === '' ? [] : joins };
  });
}

interface Joined {
  /** Id of the group that the portal added them to; with `warning`, did not add them to. */
  group: string;
  rows: readonly number[];
  warning?: string | undefined;
}

/**
 * Removes a group from those that the rows wait for. The mark of a row goes last, so that a process
 * killed in between leaves it to the next one.
 */
export async function noteJoined(
  ledger: Ledger,
  batch: string,
  { group, rows, warning }: Joined,
): Promise<void> {
  if (warning !== undefined) await markRows(ledger, batch, { rows, set: ['groupless'] });
  const through: number[] = [];
  for (const row of rows) {
    const outcome = await readOutcome(ledger, batch, row);
    const joins = outcome.joins?.filter(({ id }) => id !== group) ?? [];
    if (joins.length === 0) through.push(row);
    const warnings = [...new Set([...(outcome.warnings ?? []), ...(warning ? [warning] : [])])];
    const changed = {
      ...outcome,
      joins: joins.length === 0 ? undefined : joins,
      warnings: warnings.length === 0 ? undefined : warnings,
    };
    await ledger.redis.hset(
      ledger.keys.outcomes(batch) + bucketOf(row),
      row,
      JSON.stringify(changed),
    );
  }
  if (through.length > 0) await markRows(ledger, batch, { rows: through, clear: ['to-join'] });
}

async function readOutcome(ledger: Ledger, batch: string, row: number): Promise<RowOutcome> {
  return decodeOutcome(
    await ledger.redis.hget(ledger.keys.outcomes(batch) + bucketOf(row), String(row)),
  );
}
