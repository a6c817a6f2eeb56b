/** Universal time to the second: `2026-12-01 08:00:00Z`. */
export function utcTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')}Z`;
}

/** Local time of day as 14:05, with seconds when it is near, with the date on another day. */
export function localTime(at: number, now: number): string {
  const [date, time] = localParts(at);
  const near = Math.abs(at - now) < 60_000;
  const shown = near ? time : time.slice(0, 5);
  return date === localParts(now)[0] ? shown : `${date} ${shown}`;
}

/** ISO date and time of day, in the time zone of this process. */
function localParts(at: number): [date: string, time: string] {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return [local.slice(0, 10), local.slice(11, 19)];
}

/** 75,000 ms is `1:15`, an hour more `1:01:15`. */
export function duration(ms: number): string {
  const total = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  const seconds = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}
