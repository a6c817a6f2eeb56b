import { isUtf8 } from 'node:buffer';
import type { OnboardError } from '../errors.ts';
import { fileError } from './file-error.ts';

const LF = 0x0a;
const CR = 0x0d;
const UTF16_ADVICE = 'the file is UTF-16; save it as UTF-8 ("CSV UTF-8" in a spreadsheet).';

/**
 * Bytes of one file to text in which every line ends in `\n` (CRLF and CR become LF) and which has
 * no byte order mark. Slices may end in the middle of a character or of a CRLF.
 */
export class Utf8Text {
  readonly #file: string;
  #carry: Buffer = Buffer.alloc(0);
  #line = 1;
  #isStart = true;
  #endedInCr = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** The text that these bytes complete. Throws E_FILE_ENCODING or E_FILE_FORMAT. */
  push(slice: Buffer): string {
    const bytes = this.#carry.length === 0 ? slice : Buffer.concat([this.#carry, slice]);
    const end = endOfWholeCharacters(bytes);
    this.#carry = Buffer.from(bytes.subarray(end));
    return this.#textOf(bytes.subarray(0, end));
  }

  /** The text still held back. Throws E_FILE_ENCODING when a character is cut off. */
  end(): string {
    const text = this.#textOf(this.#carry);
    return this.#endedInCr ? `${text}\n` : text;
  }

  #textOf(bytes: Buffer): string {
    if (!isUtf8(bytes)) throw this.#encodingError(bytes);
    if (bytes.length === 0) return '';
    const text = this.#withUnixLines(this.#withoutMark(bytes.toString('utf8')));
    this.#line += countNewlines(text);
    return text;
  }

  #withoutMark(text: string): string {
    if (!this.#isStart) return text;
    this.#isStart = false;
    // UTF-16 without a mark is valid UTF-8 when it is ASCII: every second byte is then NUL.
    if (text.slice(0, 4).includes('\0')) throw this.#error(UTF16_ADVICE);
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  #withUnixLines(text: string): string {
    const whole = this.#endedInCr ? `\r${text}` : text;
    this.#endedInCr = whole.endsWith('\r');
    if (!whole.includes('\r')) return whole;
    return (this.#endedInCr ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
  }

  #encodingError(bytes: Buffer): OnboardError {
    if (this.#isStart) {
      const mark = bytes.readUIntBE(0, Math.min(2, bytes.length));
      if (mark === 0xfffe || mark === 0xfeff) return this.#error(UTF16_ADVICE);
      if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') return this.#spreadsheetError();
    }
    // A CR held back from the slice before has ended a line, unless this slice starts with its LF.
    if (this.#endedInCr && bytes[0] !== LF) this.#line += 1;
    this.#line += newlinesBeforeFault(bytes);
    return this.#error('this line is not valid UTF-8; save the file as UTF-8.');
  }

  #spreadsheetError(): OnboardError {
    const sentence =
      'this is a workbook or archive, not text; a workbook needs a name in .xlsx, or --format xlsx.';
    return fileError('E_FILE_FORMAT', { file: this.#file }, sentence);
  }

  #error(sentence: string): OnboardError {
    return fileError('E_FILE_ENCODING', { file: this.#file, line: this.#line }, sentence);
  }
}

/** Newlines in `text`. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Where a character starts that these bytes only begin, or their length; RFC 3629, section 3. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return lengthFromLead(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function lengthFromLead(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

/** Line ends before the first line that is not UTF-8; only called when there is such a line. */
function newlinesBeforeFault(bytes: Buffer): number {
  let newlines = 0;
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const isCrOfCrlf = bytes[at] === CR && bytes[at + 1] === LF;
    if ((bytes[at] !== LF && bytes[at] !== CR) || isCrOfCrlf) continue;
    if (!isUtf8(bytes.subarray(start, at))) return newlines;
    newlines += 1;
    start = at + 1;
  }
  return newlines;
}
