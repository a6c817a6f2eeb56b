import type { Ledger } from '../ledger.ts';

export interface KeeperNote {
  /** Rows that were pending; undefined before the first run. */
  pending: number | undefined;
  /** Where among the parent's dependencies the next run continues. */
  cursor: number;
}

/** Reads what the last keeper run of any process saw of the batch. */
export async function readKeeperNote(ledger: Ledger, batch: string): Promise<KeeperNote> {
  const key = ledger.keys.record(batch);
  const [pending, cursor] = await ledger.redis.hmget(key, 'lookPending', 'lookCursor');
  return { pending: pending ? Number(pending) : undefined, cursor: Number(cursor ?? 0) };
}

export async function writeKeeperNote(
  ledger: Ledger,
  batch: string,
  { pending, cursor }: KeeperNote,
): Promise<void> {
  const fields = { lookPending: Number(pending), lookCursor: cursor };
  await ledger.redis.hset(ledger.keys.record(batch), fields);
}

/** Takes the keeper's turn for `forMs`; false while it is another process' turn. */
export async function takeTurn(ledger: Ledger, forMs: number): Promise<boolean> {
  return (await ledger.redis.set(ledger.keys.keeper, '1', 'PX', forMs, 'NX')) === 'OK';
}

/** Whether a keeper has run within the time that a turn lasts. */
export async function hasKeeperRun(ledger: Ledger): Promise<boolean> {
  return (await ledger.redis.exists(ledger.keys.keeper)) === 1;
}
