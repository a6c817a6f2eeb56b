import { InvalidArgumentError } from 'commander';
import { BATCH_ID, BATCH_ID_FORM } from '../../batch-id.ts';
import { DAY_MS } from '../../durations.ts';
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
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  const at = isIso ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError('Give a date with a time, as 2026-12-01T08:00+01:00.');
};

/** The name of a batch. */
export const batchName: Parser<string> = (text) => {
  if (BATCH_ID.test(text)) return text;
  throw new InvalidArgumentError(`Use ${BATCH_ID_FORM}.`);
};

/** Account types, separated by commas. */
export const accountTypeList: Parser<AccountType[]> = (text) => {
  const named = text.split(',').map((name) => name.trim());
  const known = accountTypes.filter((type) => named.includes(type));
  if (named.every((name) => known.some((type) => type === name))) return known;
  throw new InvalidArgumentError(`Give types of ${accountTypes.join(', ')}, separated by commas.`);
};

const UNITS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS };

/** `12h`, `30d` or `4w` in ms. */
export const age: Parser<number> = (text) => {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text.trim()) ?? [];
  const unitMs = UNITS[unit];
  if (unitMs !== undefined) return Number(count) * unitMs;
  throw new InvalidArgumentError('Give a number and h, d or w (hours, days, weeks), as 30d.');
};

/** Collects the values of a flag that may be given several times. */
export function gather(value: string, before: string[] = []): string[] {
  return [...before, value];
}
