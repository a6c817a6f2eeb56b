const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/;

/** Whether this machine knows a zone, as `Europe/Berlin`. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * ms since the epoch of a local time, as `2026-12-01T08:00`, in a zone; undefined for a time that
 * does not exist there, such as an hour that the clocks skip.
 */
export function momentIn(local: string, zone: string): number | undefined {
  const [, ...parts] = LOCAL.exec(local) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  if (parts.length === 0 || !isZone(zone)) return undefined;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  // The offset before a change of the clocks, and the one after.
  for (const near of [asUtc - 86_400_000, asUtc + 86_400_000]) {
    const at = asUtc - offsetAt(near, zone);
    if (localTime(at, zone).slice(0, 16) === local) return at;
  }
  return undefined;
}

/** A moment as `2026-12-01T08:00:00` in a zone. */
function localTime(at: number, zone: string): string {
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 19);
}

/** How far a zone is ahead of UTC at a moment, ms. */
function offsetAt(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? -ms : ms;
}

/** A moment in its zone, with the offset, and in UTC. */
export function zoneText(at: number, zone: string): string {
  const minutes = offsetAt(at, zone) / 60_000;
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  const shown = (text: string) => text.slice(0, 16).replace('T', ' ');
  return `${shown(localTime(at, zone))} ${zone} (${offset}), ${shown(new Date(at).toISOString())} UTC`;
}
