import { OnboardError } from '../../errors.ts';

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
