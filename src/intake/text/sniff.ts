import { OnboardError } from '../../errors.ts';
import { line } from '../../printable.ts';
import { fileError } from '../file-error.ts';

/** Bytes that are enough to recognise an encoding: a header without a mark has NULs in UTF-16. */
export const SNIFFED_BYTES = 256;

/** First bytes in hexadecimal; the longer come first. */
const marks: readonly { start: string; encoding: string }[] = [
  { start: 'fffe0000', encoding: 'utf-32' },
  { start: '0000feff', encoding: 'utf-32' },
  { start: 'efbbbf', encoding: 'utf-8' },
  { start: 'fffe', encoding: 'utf-16le' },
  { start: 'feff', encoding: 'utf-16be' },
];

/** Files of other programs by their first bytes, with what to do. */
const formats: readonly { start: string; advice: string }[] = [
  {
    start: '504b0304',
    advice:
      'this is a workbook or archive, not text; name a workbook .xlsx, or give --format xlsx.',
  },
  {
    start: 'd0cf11e0',
    advice: 'this is a workbook in the old format (.xls); save it as .xlsx, or export it as CSV.',
  },
  { start: '25504446', advice: 'this is a PDF, not a list; export the list as CSV.' },
];

/**
 * The encoding of a file that begins with these bytes, as TextDecoder names it: that of a mark, the
 * `given` one, UTF-16 with its NULs, or UTF-8.
 * @throws {OnboardError} E_FILE_ENCODING for UTF-32, E_FILE_FORMAT for a file that is no text.
 */
export function encodingOf(
  first: Buffer,
  { file, given }: { file: string; given: string | undefined },
): string {
  const start = first.toString('hex', 0, 4);
  const marked = marks.find((mark) => start.startsWith(mark.start))?.encoding;
  if (marked === 'utf-32') {
    throw fileError('E_FILE_ENCODING', { file }, 'the file is UTF-32; save it as UTF-8.');
  }
  if (marked !== undefined) return marked;
  const format = formats.find((each) => start.startsWith(each.start));
  if (format !== undefined) throw fileError('E_FILE_FORMAT', { file }, format.advice);
  return given ?? withNuls(first, file) ?? 'utf-8';
}

/**
 * UTF-16 has a NUL in one half of every ASCII character, at least of the delimiters. Text in any other
 * encoding has none.
 */
function withNuls(first: Buffer, file: string): string | undefined {
  const nuls = [0, 0];
  for (const [index, byte] of first.subarray(0, SNIFFED_BYTES).entries()) {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = nuls;
  if (even === 0 && odd === 0) return undefined;
  if (even === 0) return 'utf-16le';
  if (odd === 0) return 'utf-16be';
  throw fileError('E_FILE_FORMAT', { file }, 'this is no text; export the list as CSV.');
}

/** The value of `--encoding`, as TextDecoder names it. @throws {OnboardError} E_USAGE */
export function encodingFrom(option: string): string {
  try {
    return new TextDecoder(option.trim()).encoding;
  } catch {
    const sentence =
      'no encoding has this name; give one such as utf-8, utf-16le, windows-1252, iso-8859-2 or shift_jis';
    throw new OnboardError('E_USAGE', line`--encoding ${option}: ${sentence}`);
  }
}
