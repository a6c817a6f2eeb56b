import type { Ledger } from '../ledger.ts';
import { runScript } from '../lua/script.ts';
import * as scripts from '../lua/share-limits.ts';

/** Limits of all workers together, as configured. */
export interface Limits {
  /** Requests in flight. */
  concurrency: number;
  /** 0 without a limit. */
  requestsPerMinute: number;
}

/** Sets limits for all workers: those of the last one that started are in force. */
export async function setLimits({ redis, keys }: Ledger, limits: Partial<Limits>): Promise<void> {
  await redis.hset(keys.limits, limits);
}

/** The request of one process. */
export interface LeaseRequest {
  id: string;
  forMs: number;
  /** Writers that this process may use until it has the answer, or requests of it in flight. */
  inUse: number;
  /** Processes that are known to be dead, and for how long the portal may be at their requests. */
  dead: readonly string[];
  deadMs: number;
}

/** A part of the limits, and the whole of them. */
export interface Lease {
  writers: number;
  /** Its equal part, which it gets when the others have given up theirs. */
  fair: number;
  total: number;
  /** Requests a minute of all processes that are allowed now; 0 without a limit. */
  perMinute: number;
}

/** Gets the part of a process for the next `forMs`. */
export async function lease(ledger: Ledger, { dead, ...args }: LeaseRequest): Promise<Lease> {
  return runScript(ledger, scripts.renewLease, { keys: ledger.keys, args, list: dead });
}

/** The processes that have a part. */
export async function leaseHolders({ redis, keys }: Ledger): Promise<string[]> {
  return redis.hkeys(keys.leases);
}

/** Gives the part of a process back. */
export async function release({ redis, keys }: Ledger, id: string): Promise<void> {
  await redis.hdel(keys.leases, id);
}

/** Notes for `forMs` how many requests at a time the portal allows. True when this is news. */
export async function boundWriters(
  ledger: Ledger,
  { most, forMs }: { most: number; forMs: number },
): Promise<boolean> {
  return runScript(ledger, scripts.boundWriters, { keys: ledger.keys, args: { most, forMs } });
}

/**
 * Notes a refusal by the portal's limit of requests, which is `limit` where it says so, for `forMs`
 * (P-LIMIT-02). True when the pace is another one now.
 */
export async function lowerPace(
  ledger: Ledger,
  { limit = 0, forMs }: { limit?: number | undefined; forMs: number },
): Promise<boolean> {
  return runScript(ledger, scripts.lowerPace, { keys: ledger.keys, args: { limit, forMs } });
}

/** The limits in force; undefined before the first worker. */
export async function readLimits(ledger: Ledger): Promise<LimitsInForce | undefined> {
  return (await runScript(ledger, scripts.readLimits, { keys: ledger.keys })) ?? undefined;
}

export interface LimitsInForce {
  /** Requests a minute; 0 without a limit. */
  perMinute: number;
  why: (typeof scripts.paceReasons)[number];
  /** Requests at a time. */
  writers: number;
}
