import { OnboardError } from '../errors.ts';
import { refusalOf, storeTrouble } from '../store-trouble.ts';

/** What to do about each refusal; the other ones pass by themselves. */
const REMEDIES: Record<string, string> = {
  MISCONF: 'free space on its disk',
  OOM: 'give it more memory (maxmemory)',
  READONLY: 'correct REDIS_URL, which leads to a replica, or wait for the failover to end',
  NOREPLICAS: 'bring its replicas back (min-replicas-to-write)',
};

/**
 * An error of a Redis that is gone, or that refuses to work, as one that a user can act on; anything
 * else as it is. The producer fails fast, so this ends a command within seconds; the ledger keeps
 * what was done.
 */
export function explainLost(error: unknown): unknown {
  const trouble = storeTrouble(error);
  if (trouble === undefined || !(error instanceof Error)) return error;
  if (trouble === 'refuses') return refuses(error);
  return new OnboardError(
    'E_REDIS_UNREACHABLE',
    'Redis went away: nothing that was recorded is lost; run the same command when it is back',
    { cause: error },
  );
}

/** Redis' own text stays out: it can name a script's keys. */
function refuses(cause: Error): OnboardError {
  const word = refusalOf(cause) ?? '';
  const remedy = REMEDIES[word] ?? 'wait until it works again';
  return new OnboardError(
    'E_REDIS_REFUSES',
    `Redis refuses to work (${word}): ${remedy}, then run the same command; nothing that was recorded is lost`,
    { cause, details: { refusal: word } },
  );
}
