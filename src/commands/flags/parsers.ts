import { InvalidArgumentError } from 'commander';
import { BATCH_ID, BATCH_ID_FORM } from '../../batch-id.ts';
import { ageMs } from '../../durations.ts';
import { type AccountType, accountTypes } from '../../people/account-types.ts';

/** A parser of a flag's value; throws InvalidArgumentError with what the flag takes. */
type Parser<T> = (text: string) => T;

/** A whole number of at most nine digits. */
export function wholeNumber(least: number, most = 999_999_999): Parser<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === 999_999_999 ? `${least} or more` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Give a whole number, ${range}.`);
  };
}

/** `40` or `40%`. */
export const percent: Parser<number> = (text) => {
  const [, digits] = /^(\d{1,3})\s*%?$/.exec(text.trim()) ?? [];
  const share = Number(digits ?? Number.NaN);
  if (share <= 100) return share;
  throw new InvalidArgumentError('Give a share from 0 to 100 percent.');
};

/** ISO 8601 with a date and a time, in ms since the epoch; without an offset it is local time. */
export const time: Parser<number> = (text) => {
  const [, ...parts] = TIME.exec(text) ?? [];
  const example = 'a date with a time, as 2026-12-01T08:00+01:00.';
  if (parts.length === 0) throw new InvalidArgumentError(`Give ${example}`);
  const at = momentOf(parts);
  if (at !== undefined) return at;
  throw new InvalidArgumentError(`This time does not exist; give ${example}`);
};

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?$/;

/** The largest offset of a time zone, h. */
const MOST_OFFSET = 14;

/**
 * ms since the epoch; undefined where the parts are no moment: `Date` makes 2 March of 30 February,
 * and an hour later of a local time that the clocks skip.
 */
function momentOf(parts: readonly (string | undefined)[]): number | undefined {
  const numbers = parts.slice(0, 6).map((part = '0') => Number(part));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const [fraction = '0', utc, sign, offsetHours, offsetMinutes] = parts.slice(6);
  const isLocal = utc === undefined && sign === undefined;
  const at = isLocal
    ? new Date(year, month - 1, day, hour, minute, second).getTime()
    : Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0);
  if (offset > MOST_OFFSET * 60 || Number(offsetMinutes ?? 0) > 59) return undefined;
  const shift = isLocal ? new Date(at).getTimezoneOffset() : 0;
  const shown = new Date(at - shift * 60_000).toISOString().match(/\d+/g)?.slice(0, 6) ?? [];
  if (shown.some((part, index) => Number(part) !== numbers[index])) return undefined;
  const ms = Math.floor(Number(fraction) * 1000);
  return at + ms - (sign === '-' ? -offset : offset) * 60_000;
}

/** The name of a batch. */
export const batchName: Parser<string> = (text) => {
  if (BATCH_ID.test(text)) return text;
  throw new InvalidArgumentError(`Use ${BATCH_ID_FORM}.`);
};

/** `console/operator`: the program by which a person submits, and the role in it. */
export const viaRole: Parser<{ via: string; role: string }> = (text) => {
  const [, via = '', role = ''] = /^([a-z]{1,20})\/([a-z]{1,20})$/.exec(text) ?? [];
  if (via !== '') return { via, role };
  throw new InvalidArgumentError('Give a program and a role, as console/operator.');
};

/** Account types, separated by commas. */
export const accountTypeList: Parser<AccountType[]> = (text) => {
  const named = text.split(',').map((name) => name.trim());
  const known = accountTypes.filter((type) => named.includes(type));
  if (named.every((name) => known.some((type) => type === name))) return known;
  throw new InvalidArgumentError(`Give types of ${accountTypes.join(', ')}, separated by commas.`);
};

/** `12h`, `30d` or `4w` in ms. */
export const age: Parser<number> = (text) => {
  const ms = ageMs(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('Give a number and h, d or w (hours, days, weeks), as 30d.');
};

/** Collects the values of a flag that may be given several times, or with commas between them. */
export function commaList(text: string, before: string[] = []): string[] {
  const values = text.split(',').map((value) => value.trim());
  return [...before, ...values.filter((value) => value !== '')];
}

/** As `commaList`, where only these values are allowed. */
export function choiceList(choices: readonly string[]) {
  return (text: string, before?: string[]): string[] => {
    const values = commaList(text, before);
    if (values.every((value) => choices.includes(value))) return values;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  };
}

/** Collects the values of a flag that may be given several times. */
export function gather(value: string, before: string[] = []): string[] {
  return [...before, value];
}
