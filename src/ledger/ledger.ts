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

/** The time by Redis' clock, ms since the epoch. */
export async function redisNow({ redis }: Pick<Ledger, 'redis'>): Promise<number> {
  const [seconds = 0, micros = 0] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
