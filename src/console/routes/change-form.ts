import { OnboardError } from '../../errors.ts';
import type { Choice } from '../pages/change-page.tsx';
import type { ConsoleContext } from '../route.ts';

/** Rows that can be chosen at once: those of the largest page. */
const MOST_ROWS = 200;

/** The fields of a form that was sent. Files are left out. */
export async function fieldsOf(c: ConsoleContext): Promise<URLSearchParams> {
  const body = await c.req.parseBody({ all: true });
  const pairs = Object.entries(body).flatMap(([name, value]) => {
    return [value].flat().map((each) => [name, each] as const);
  });
  const texts = pairs.flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
  return new URLSearchParams(texts);
}

/** Whom a form, or the address of its page, is about. */
export function choiceOf(fields: URLSearchParams): Choice {
  const code = fields.get('code');
  const rows = fields
    .getAll('row')
    .filter((row) => /^\d{1,9}$/.test(row))
    .slice(0, MOST_ROWS)
    .map(Number);
  return {
    reasons: code === null || code === '' ? undefined : [code],
    rows: rows.length === 0 ? undefined : rows,
  };
}

/**
 * Round and number of people that the confirmation showed.
 * @throws {OnboardError} E_USAGE without them: a change needs a confirmation.
 */
export function shownIn(fields: URLSearchParams): { round: number; people: number } {
  const [round, people] = [fields.get('round'), fields.get('people')];
  const isWhole = (text: string | null): text is string => text !== null && /^\d{1,9}$/.test(text);
  if (isWhole(round) && isWhole(people)) return { round: Number(round), people: Number(people) };
  throw new OnboardError('E_USAGE', 'the form lacks the numbers of its page: open the page again');
}
