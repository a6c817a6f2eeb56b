/** A receiver that asks for more would have us give up: attempts last about a day. */
const MOST_MS = 3_600_000;

/** The wait that a `Retry-After` asks for (RFC 9110: seconds or a date), ms; 0 without one. */
export function waitOf(header: string | string[] | undefined, now: number): number {
  const text = [header ?? ''].flat()[0] ?? '';
  const wish = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wish) ? 0 : Math.min(Math.max(wish, 0), MOST_MS);
}
