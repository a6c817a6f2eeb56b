/** Longest wait: attempts last about a day, and longer waits would use them up. */
const MOST_MS = 3_600_000;

/** The requested wait of a `Retry-After` (RFC 9110: seconds or a date), ms; 0 without one. */
export function waitOf(header: string | string[] | undefined, now: number): number {
  const text = [header ?? ''].flat()[0] ?? '';
  const requestedMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(requestedMs) ? 0 : Math.min(Math.max(requestedMs, 0), MOST_MS);
}
