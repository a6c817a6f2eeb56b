import { maskEmail } from '../../privacy/redact.ts';
import type { PlanSummary } from './plan-record.ts';

/** Columns whose values are of no person. */
const PLAIN = ['type', 'culture', 'department'];

/** Characters of an example. */
const MOST_SHOWN = 60;

/** Masks the examples of columns: they are of the first person of the list. */
export function maskExamples(summary: PlanSummary): PlanSummary {
  const columns = summary.columns.map(({ example, ...use }) => {
    if (example === undefined) return use;
    const isPlain = PLAIN.includes(use.column ?? '');
    return { ...use, example: (isPlain ? example : masked(example)).slice(0, MOST_SHOWN) };
  });
  return { ...summary, columns };
}

function masked(text: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return maskEmail(text);
  return text.replace(/\S+/g, (word) => `${[...word][0] ?? ''}***`);
}
