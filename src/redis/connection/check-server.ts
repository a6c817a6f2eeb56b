import type { Redis } from 'ioredis';
import { type ErrorCode, OnboardError } from '../../errors.ts';
import { readServerFacts, type ServerFacts } from './server-facts.ts';

/** One reason why a server cannot hold the ledger, with its remedy. */
interface Unfit {
  code: ErrorCode;
  what: string;
  remedy: string;
  details: Record<string, unknown>;
}

/**
 * Checks that a server can hold the ledger: Redis 6.2 or Valkey, without eviction, which would
 * silently remove rows when memory runs out (B-REDIS-01).
 * @throws {OnboardError} E_REDIS_VERSION or E_REDIS_EVICTION with the finding and the remedy.
 */
export async function checkServer(redis: Redis): Promise<void> {
  const [unfit] = unfitnessOf(await readServerFacts(redis));
  if (unfit === undefined) return;
  const { code, what, remedy, details } = unfit;
  throw new OnboardError(code, `the Redis server ${what}: ${remedy}`, { details });
}

/** All reasons why a server is unfit; unknown facts count as fit. */
export function unfitnessOf({ version, isValkey, policy }: ServerFacts): Unfit[] {
  const unfit: Unfit[] = [];
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  // BullMQ fully supports Redis from 6.2 on.
  const isOld = major < 6 || (major === 6 && minor < 2);
  if (version !== undefined && !isValkey && isOld) {
    unfit.push({
      code: 'E_REDIS_VERSION',
      what: `is version ${version}, but 6.2 is the oldest supported version`,
      remedy: 'install Redis 6.2 or newer, or Valkey',
      details: { version },
    });
  }
  if (policy !== undefined && policy !== 'noeviction') {
    unfit.push({
      code: 'E_REDIS_EVICTION',
      what: `has maxmemory-policy ${policy}, which would remove rows when memory runs out`,
      remedy:
        'run "redis-cli CONFIG SET maxmemory-policy noeviction", or change it at the provider of the server',
      details: { policy },
    });
  }
  return unfit;
}
