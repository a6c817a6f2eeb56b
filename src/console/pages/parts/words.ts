import { grouped } from '../../../count.ts';

/** `1 person`, `2,000 people`. */
export function people(count: number): string {
  return count === 1 ? '1 person' : `${grouped(count)} people`;
}

/** People with a verb for one and for several: `1 person waits`, `2,000 people wait`. */
export function peopleWho(count: number, one: string, many: string): string {
  return `${people(count)} ${count === 1 ? one : many}`;
}

/** `1 person waits`, `2,000 people wait`. */
export function waiting(count: number): string {
  return peopleWho(count, 'waits', 'wait');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time for people: `12 s`, `54 min`, `3 h 12 min`, `2 days 4 h`. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  const minutes = Math.round(whole / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < DAY / MINUTE) return two(minutes, 60, ['h', 'min']);
  const hours = Math.round(whole / HOUR);
  return two(hours, 24, [hours < 48 ? 'day' : 'days', 'h']);
}

/** A count of small units in big ones and the rest: 75 minutes are `1 h 15 min`. */
function two(count: number, each: number, [big, small]: [big: string, small: string]): string {
  const [first, rest] = [Math.floor(count / each), count % each];
  return rest === 0 ? `${first} ${big}` : `${first} ${big} ${rest} ${small}`;
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

/** A text as a sentence: it begins with a capital and ends. */
export function sentence(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
