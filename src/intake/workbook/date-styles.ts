import type { WorkbookParts } from './workbook-parts.ts';

/** Limit of styles and formats; Excel has 65,490. */
const MAX_STYLES = 100_000;

/** Built-in formats of dates and times (ECMA-376, 18.8.30), those of East Asia and Thailand too. */
const dateFormats = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
  [71, 81],
] as const;

/** For each style of a cell, whether it shows a number as a date. */
export async function readDateStyles(parts: WorkbookParts, part: string): Promise<boolean[]> {
  const own = new Map<string, boolean>();
  const styles: boolean[] = [];
  let isInCells = false;
  await parts.read(part, {
    open: (name, attributes) => {
      const id = attributes.get('numFmtId') ?? '0';
      if (name === 'numFmt') own.set(id, isDateFormat(attributes.get('formatCode') ?? ''));
      else if (name === 'cellXfs') isInCells = true;
      else if (name === 'xf' && isInCells) styles.push(own.get(id) ?? isBuiltIn(Number(id)));
      if (styles.length + own.size > MAX_STYLES)
        throw new Error('the workbook has too many styles');
    },
    close: (name) => {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

function isBuiltIn(id: number): boolean {
  return dateFormats.some(([first, last]) => first <= id && id <= last);
}

/** Whether any part of a format, such as `dd.mm.yyyy;@`, has letters of dates and times alone. */
function isDateFormat(code: string): boolean {
  const plain = code
    .toLowerCase()
    .replace(/;@$/, '')
    .replace(/\\./g, ' ')
    .replace(/"[^"]*"/g, ' ')
    .replace(/\[([hms]{1,2})\]/g, '$1')
    .replace(/\[[^\]]*\]/g, ' ')
    // Fractions of a second.
    .replace(/(s)[.,]0{1,3}/g, '$1');
  return plain.split(';').some((part) => {
    const words = part.match(/[a-z0#?%]+/g) ?? [];
    return words.length > 0 && words.every((word) => /^(?:am|pm|a|p|[ymdhsegb]+)$/.test(word));
  });
}

const DAY_MS = 86_400_000;
/** Days from the epoch of spreadsheets to that of Unix. */
const DAYS_TO_1970 = 25_569;
const DAYS_TO_1904 = 1462;

/** A number of days as ISO 8601, the date alone at midnight; empty for no date. */
export function dateText(days: number, isFrom1904: boolean): string {
  const since1900 = isFrom1904 ? days + DAYS_TO_1904 : days;
  return isoText(new Date(Math.floor((since1900 - DAYS_TO_1970) * DAY_MS)));
}

/** ISO 8601, the date alone at midnight; empty for no date. */
export function isoText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  return date.toISOString().replace('T00:00:00.000Z', '');
}
