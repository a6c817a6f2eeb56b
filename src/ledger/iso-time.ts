/** A time in ms since the epoch as ISO 8601; null for none. */
export function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
