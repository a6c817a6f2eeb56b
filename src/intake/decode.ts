import type { OnboardError } from '../errors.ts';
import { fileError } from './file-error.ts';

const LF = 0x0a;
const UTF16_ADVICE = 'the file is UTF-16; save it as UTF-8 ("CSV UTF-8" in a spreadsheet).';
const WORKBOOK_ADVICE =
  'this is a workbook or archive, not text; name a workbook .xlsx, or give --format xlsx.';
/** Bytes of a character that a slice may leave open; a character has 4 bytes at most. */
const OPEN_BYTES = 3;

/**
 * Decodes the bytes of one file to text without a byte order mark, in which every line ends in `\n`
 * (CRLF and CR become LF). Slices may end in the middle of a character or of a CRLF.
 */
export class Utf8Text {
  readonly #file: string;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  /** The bytes before the slice, which may begin a character of it. */
  #before: Buffer = Buffer.alloc(0);
  #line = 1;
  #isStart = true;
  #endedInCr = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** The text that these bytes complete. Throws E_FILE_ENCODING or E_FILE_FORMAT. */
  push(slice: Buffer): string {
    const text = this.#textOf(slice, { stream: true });
    this.#before = Buffer.concat([this.#before, slice.subarray(-OPEN_BYTES)]).subarray(-OPEN_BYTES);
    return text;
  }

  /** The remaining text. Throws E_FILE_ENCODING when a character is cut off. */
  end(): string {
    const text = this.#textOf(Buffer.alloc(0), { stream: false });
    return this.#endedInCr ? `${text}\n` : text;
  }

  #textOf(bytes: Buffer, options: { stream: boolean }): string {
    let decoded: string;
    try {
      decoded = this.#decoder.decode(bytes, options);
    } catch {
      throw this.#encodingError(bytes);
    }
    if (decoded === '') return '';
    // UTF-16 without a mark is valid UTF-8 when it is ASCII: every second byte is then NUL.
    if (this.#isStart && decoded.slice(0, 4).includes('\0')) throw this.#error(UTF16_ADVICE);
    this.#isStart = false;
    const text = this.#withUnixLines(decoded);
    this.#line += countNewlines(text);
    return text;
  }

  #withUnixLines(text: string): string {
    const whole = this.#endedInCr ? `\r${text}` : text;
    this.#endedInCr = whole.endsWith('\r');
    if (!whole.includes('\r')) return whole;
    return (this.#endedInCr ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
  }

  #encodingError(bytes: Buffer): OnboardError {
    if (this.#isStart) {
      const mark = bytes.toString('hex', 0, 2);
      if (mark === 'fffe' || mark === 'feff') return this.#error(UTF16_ADVICE);
      if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') {
        return fileError('E_FILE_FORMAT', { file: this.#file }, WORKBOOK_ADVICE);
      }
    }
    // A CR at the end of the slice before ended a line, unless this slice starts with its LF.
    if (this.#endedInCr && bytes[0] !== LF) this.#line += 1;
    this.#line += linesBeforeFault(this.#before, bytes);
    return this.#error('this line is not valid UTF-8; save the file as UTF-8.');
  }

  #error(sentence: string): OnboardError {
    return fileError('E_FILE_ENCODING', { file: this.#file, line: this.#line }, sentence);
  }
}

export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Line ends before the first byte that is not UTF-8; `before` precedes the bytes and is valid. */
function linesBeforeFault(before: Buffer, bytes: Buffer): number {
  const lead = before.findIndex((byte) => (byte & 0xc0) !== 0x80);
  const open = before.subarray(lead === -1 ? before.length : lead);
  const given = Buffer.concat([open, bytes]);
  // Decoding replaces the faulty bytes, so that they are the first to differ.
  const decoded = Buffer.from(given.toString());
  const fault = given.findIndex((byte, at) => byte !== decoded[at]) - open.length;
  return bytes.toString('latin1', 0, Math.max(fault, 0)).match(/\r\n?|\n/g)?.length ?? 0;
}
