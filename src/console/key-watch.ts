import type { CheckLine } from './system-facts.ts';

interface Watching {
  everyMs: number;
  /** ms since the epoch */
  now(): number;
}

/**
 * Knows whether the key is about to expire, without making a page wait: it asks the portal in the
 * background once in `everyMs` while somebody looks. An answer that does not come changes nothing.
 */
export function createKeyWatch(
  check: () => Promise<readonly CheckLine[]>,
  { everyMs, now }: Watching,
): () => CheckLine | undefined {
  let askedAt = Number.NEGATIVE_INFINITY;
  let known: CheckLine | undefined;

  const ask = async (): Promise<void> => {
    try {
      const lines = await check();
      known = lines.find((line) => line.check === 'key-expiry' && line.level !== 'ok');
    } catch {
      // The page about the system says why the portal cannot be checked.
    }
  };

  return () => {
    if (now() - askedAt >= everyMs) {
      askedAt = now();
      void ask();
    }
    return known;
  };
}
