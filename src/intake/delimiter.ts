import { OnboardError } from '../errors.ts';
import { columnOf } from './columns.ts';

const candidates = [',', ';', '\t', '|'] as const;

/**
 * The delimiter that yields the most known columns of the header; among equals the most frequent,
 * and a comma when none occurs.
 */
export function findDelimiter(header: string): string {
  // Quoted cells may hold any delimiter, so those inside quotes do not count.
  const between = header.replace(/"[^"]*"/g, (cell) => cell.slice(1, -1).replace(/[,;\t|]/g, ' '));
  const scored = candidates.map((delimiter) => {
    const cells = between.split(delimiter);
    const known = cells.filter((cell) => columnOf(cell) !== undefined).length;
    return { delimiter, score: known * header.length + cells.length };
  });
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

/**
 * The value of `--delimiter`: one character, or `tab` or `\t`, which are hard to type in a shell.
 * Throws E_USAGE for anything that cannot separate cells.
 */
export function delimiterFrom(option: string): string {
  if (option === 'tab' || option === '\\t') return '\t';
  if (/^[^\s"\p{L}\p{N}\p{C}@]$|^\t$/u.test(option) && option.length === 1) return option;
  const sentence = 'The delimiter must be one character such as , ; | or the word tab.';
  throw new OnboardError('E_USAGE', sentence);
}
