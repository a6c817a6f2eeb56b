import { grouped } from '../../../count.ts';

/** `1 person`, `2,000 people`. */
export function people(count: number): string {
  return count === 1 ? '1 person' : `${grouped(count)} people`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time for people: `12 s`, `54 min`, `3 h 12 min`, `2 days 4 h`. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.round(whole / MINUTE)} min`;
  if (whole < DAY) return two(whole, [HOUR, 'h'], [MINUTE, 'min']);
  const days = Math.floor(whole / DAY);
  const hours = Math.round((whole % DAY) / HOUR);
  const named = days === 1 ? '1 day' : `${days} days`;
  return hours === 0 ? named : `${named} ${hours} h`;
}

function two(whole: number, [big, bigUnit]: [number, string], [small, unit]: [number, string]) {
  const [first, rest] = [Math.floor(whole / big), Math.round((whole % big) / small)];
  return rest === 0 ? `${first} ${bigUnit}` : `${first} ${bigUnit} ${rest} ${unit}`;
}

/** A share in percent with one digit, never 100 before all, nor 0 once something is done. */
function percent(part: number, whole: number): string {
  if (whole === 0) return '100 %';
  const exact = (part / whole) * 100;
  const shown = Math.min(part < whole ? 99.9 : 100, Math.max(part > 0 ? 0.1 : 0, exact));
  return `${shown === 0 || shown === 100 ? shown : shown.toFixed(1)} %`;
}

/** Share of the people of a batch who are settled; 0 where nobody is recorded so far. */
export function settledShare(report: { state: string; accepted: number; pending: number }): string {
  const { state, accepted, pending } = report;
  return accepted === 0 && state === 'intake' ? '0 %' : percent(accepted - pending, accepted);
}

/** Where a person looks at the commands for a page. */
export function sentence(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
