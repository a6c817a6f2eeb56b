import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { SETTLED_SPAN_MS } from './scripts.ts';

/** Shorter, and a pause of a few seconds shows; longer, and the end of a wait does not. */
const RATE_OVER_MS = 120_000;

/** A batch that has just begun is measured as if it had run this long. */
const LEAST_MS = 1000;

const spansSchema = z.record(z.string(), z.coerce.number());

/**
 * Rows of a batch settled a second over the last two minutes, or since the batch was accepted
 * (`since`, ms of Redis' clock), from what the workers note as they settle: any process may ask.
 */
export async function ratePerSecond(
  ledger: Ledger,
  { id, since }: { id: string; since: number },
): Promise<number> {
  const [[seconds, micros], spans] = await Promise.all([
    ledger.redis.time(),
    ledger.redis.hgetall(ledger.keys.settled(id)),
  ]);
  const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  return rateOf(spansSchema.parse(spans), { now, since });
}

/** The same of spans that were read: their number since the epoch -> rows. Times are in ms. */
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
