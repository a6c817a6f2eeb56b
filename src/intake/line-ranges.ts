import { OnboardError } from '../errors.ts';
import { line } from '../printable.ts';

/** Lines of each file that `--only` selects. */
export class LineRanges {
  readonly #byFile = new Map<string, ReturnType<typeof rangesIn>>();
  readonly #texts: readonly string[];

  /**
   * `texts` are as `2-50,60,75-`, with several files as `staff.csv:2-50`.
   * @throws {OnboardError} E_USAGE
   */
  constructor(texts: readonly string[], files: readonly string[]) {
    this.#texts = texts;
    for (const text of texts) {
      const [file, lines] = split(text, files);
      this.#byFile.set(file, [...(this.#byFile.get(file) ?? []), ...rangesIn(text, lines)]);
    }
    const unnamed = files.find((file) => texts.length > 0 && !this.#byFile.has(file));
    if (unnamed === undefined) return;
    const text = line`--only names no lines of ${unnamed}; name some, or remove the file`;
    throw new OnboardError('E_USAGE', text);
  }

  /** Whether any line is skipped. */
  get isGiven(): boolean {
    return this.#texts.length > 0;
  }

  has(file: string, number: number): boolean {
    if (!this.isGiven) return true;
    return (this.#byFile.get(file) ?? []).some(
      ({ first, last }) => first <= number && number <= last,
    );
  }

  toString(): string {
    return this.#texts.join(' ');
  }
}

function split(text: string, files: readonly string[]): [string, string] {
  const [only] = files;
  const at = text.lastIndexOf(':');
  if (at === -1 && files.length === 1 && only !== undefined) return [only, text];
  const file = text.slice(0, Math.max(at, 0));
  if (files.includes(file)) return [file, text.slice(at + 1)];
  const hint = files.length === 1 ? '' : ', and the file before it, as staff.csv:2-50';
  throw usage(text, `give lines of a named file${hint}`);
}

/** Each range includes its first and its last line. */
function rangesIn(text: string, lines: string): { first: number; last: number }[] {
  return lines.split(',').map((part) => {
    const match = /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9})?)?\s*$/.exec(part);
    if (match === null) throw usage(text, 'give lines as 2-50,60,75-');
    const [, first, last = part.includes('-') ? Number.POSITIVE_INFINITY : first] = match;
    if (Number(last) < Number(first)) throw usage(text, `${part.trim()} ends before it begins`);
    return { first: Number(first), last: Number(last) };
  });
}

function usage(text: string, sentence: string): OnboardError {
  return new OnboardError('E_USAGE', line`--only ${text}: ${sentence}`);
}
