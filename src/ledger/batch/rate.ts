import { z } from 'zod';
import { type Ledger, redisNow } from '../ledger.ts';
import { SETTLED_SPAN_MS } from '../lua/write-outcome.ts';

/** A shorter time shows every wait of a few seconds; a longer time hides its end. */
const RATE_OVER_MS = 120_000;

/** A batch that has just begun counts as if it had run this long. */
const LEAST_MS = 1000;

const spansSchema = z.record(z.string(), z.coerce.number().catch(0));

/**
 * Rows of a batch settled a second over the last two minutes, or since the batch was accepted
 * (`since`, ms of Redis' clock).
 */
export async function ratePerSecond(
  ledger: Ledger,
  { id, since }: { id: string; since: number },
): Promise<number> {
  const [now, spans] = await Promise.all([
    redisNow(ledger),
    ledger.redis.hgetall(ledger.keys.settled(id)),
  ]);
  return rateOf(spansSchema.parse(spans), { now, since });
}

/** The rate from the spans (number since the epoch -> rows); times in ms. */
export function rateOf(
  spans: Readonly<Record<string, number>>,
  { now, since }: { now: number; since: number },
): number {
  const recent = Object.entries(spans)
    .map(([span, rows]) => ({ start: Number(span) * SETTLED_SPAN_MS, rows }))
    .filter(({ start }) => start > now - RATE_OVER_MS);
  if (recent.length === 0) return 0;
  const first = Math.min(...recent.map(({ start }) => start));
  const rows = recent.reduce((sum, span) => sum + span.rows, 0);
  return (rows * 1000) / Math.max(now - Math.max(first, since), LEAST_MS);
}
