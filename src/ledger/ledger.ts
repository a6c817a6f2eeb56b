import type { Redis } from 'ioredis';
import { type LedgerKeys, ledgerKeys } from './keys.ts';

/** The record of truth: a connection to Redis and the names of its keys. */
export interface Ledger {
  redis: Redis;
  keys: LedgerKeys;
}

export function openLedger(redis: Redis, prefix: string): Ledger {
  return { redis, keys: ledgerKeys(prefix) };
}

/** The shared keys and those of one batch, under their names in scripts. */
export function keysOf({ keys }: Ledger, id: string) {
  const { is, ...others } = keys;
  const named = Object.entries(others).map(([name, key]) => {
    return [name, typeof key === 'string' ? key : key(id)];
  });
  const all = Object.fromEntries(named) as Record<keyof typeof others, string>;
  return { ...all, pending: is(id, 'pending'), later: is(id, 'later') };
}

/** The time by Redis' clock, ms since the epoch. */
export async function redisNow({ redis }: Pick<Ledger, 'redis'>): Promise<number> {
  const [seconds = 0, micros = 0] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
