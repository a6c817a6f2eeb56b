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
