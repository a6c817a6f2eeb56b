import type { Ledger } from './ledger.ts';

/** The time by Redis' clock, ms since the epoch. */
export async function redisNow({ redis }: Pick<Ledger, 'redis'>): Promise<number> {
  const [seconds = 0, micros = 0] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
