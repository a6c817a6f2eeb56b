export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

const UNITS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS };

/** `12h`, `30d` or `4w` in ms; undefined for any other text. */
export function ageMs(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text.trim()) ?? [];
  const unitMs = UNITS[unit];
  return unitMs === undefined ? undefined : Number(count) * unitMs;
}
