import { z } from 'zod';

/** A time that Redis stored: ms since the epoch, as far as JavaScript counts (ECMA-262). */
export const storedTime = z.coerce.number().min(0).max(8.64e15);

/** A time in ms since the epoch as ISO 8601; null for none. */
export function isoTime(at: number | undefined): string | null {
  const time = storedTime.optional().safeParse(at).data;
  return time === undefined ? null : new Date(time).toISOString();
}
