import type { Ledger } from './ledger.ts';

/** What the keeper saw of a batch when it looked last. */
export interface LastLook {
  /** Rows that were pending; undefined before the first look. */
  pending: number | undefined;
  /** Where among the parent's dependencies the next look goes on. */
  cursor: number;
}

/** Kept in the batch's record, so that every process' keeper knows what another one saw. */
export async function readLook(ledger: Ledger, batch: string): Promise<LastLook> {
  const key = ledger.keys.record(batch);
  const [pending, cursor] = await ledger.redis.hmget(key, 'lookPending', 'lookCursor');
  return {
    pending: pending === null || pending === undefined ? undefined : Number(pending),
    cursor: Number(cursor ?? 0),
  };
}

export async function writeLook(
  ledger: Ledger,
  batch: string,
  look: { pending: number; cursor: number },
): Promise<void> {
  const fields = { lookPending: look.pending, lookCursor: look.cursor };
  await ledger.redis.hset(ledger.keys.record(batch), fields);
}

/** How many rows of the batch are not settled. */
export async function pendingCount(ledger: Ledger, batch: string): Promise<number> {
  return ledger.redis.bitcount(`${ledger.keys.is(batch)}pending`);
}

/** Whether it is this process' turn to look; then nobody else's for `forMs`. */
export async function takeTurn(ledger: Ledger, forMs: number): Promise<boolean> {
  return (await ledger.redis.set(ledger.keys.keeper, '1', 'PX', forMs, 'NX')) === 'OK';
}

/** Whether a keeper has looked at all batches within the time that a turn lasts. */
export async function isKept(ledger: Ledger): Promise<boolean> {
  return (await ledger.redis.exists(ledger.keys.keeper)) === 1;
}
