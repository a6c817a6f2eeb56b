/**
 * A moment to the second in the time zone of this process, with its offset: `2026-12-01
 * 08:00:00+01:00`, or `…Z` where that zone is UTC. The one form of a time in texts for people; JSON
 * has ISO 8601 in UTC. `at` is ISO 8601, or ms since the epoch.
 */
export function zonedTime(at: number | string): string {
  const { date, time, zone } = partsOf(new Date(at).getTime());
  return `${date} ${time}${zone}`;
}

/** Time of day with its offset, as 14:05+01:00: with seconds when near, with the date on another day. */
export function shortTime(at: number, now: number): string {
  const { date, time, zone } = partsOf(at);
  const near = Math.abs(at - now) < 60_000;
  const shown = `${near ? time : time.slice(0, 5)}${zone}`;
  return date === partsOf(now).date ? shown : `${date} ${shown}`;
}

function partsOf(at: number): { date: string; time: string; zone: string } {
  const minutes = -new Date(at).getTimezoneOffset();
  const local = new Date(at + minutes * 60_000).toISOString();
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const [hour, minute] = [Math.abs(minutes) / 60, Math.abs(minutes) % 60];
  const zone = minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(hour)}:${two(minute)}`;
  return { date: local.slice(0, 10), time: local.slice(11, 19), zone };
}
