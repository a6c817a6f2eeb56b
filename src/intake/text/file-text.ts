import { TextDecoder } from 'node:util';
import type { OnboardError } from '../../errors.ts';
import { fileError } from '../file-error.ts';
import { countNewlines } from './lines.ts';
import { encodingOf, SNIFFED_BYTES } from './sniff.ts';

/** Bytes kept from before a slice: a character has 4 at most, a name seldom more than 30. */
const KEPT_BYTES = 64;

/** Bytes of a file that are no text in its encoding. */
export interface OddBytes {
  /** `file:line:column` of the first. */
  place: string;
  /** The word with that byte. */
  word: Buffer;
  /** Bytes of the file that a guess can use. */
  sample: Buffer;
}

/**
 * Decodes the bytes of one file to text without a byte order mark, in which every line ends in `\n`
 * (CRLF and CR become LF). Slices may end in the middle of a character or of a CRLF. The encoding is
 * that of a byte order mark, the given one, UTF-16 with its NULs, or UTF-8.
 */
export class FileText {
  readonly #file: string;
  readonly #given: string | undefined;
  #decoder: TextDecoder | undefined;
  /** Bytes before the encoding is known. */
  #first: Buffer = Buffer.alloc(0);
  /** The bytes before the slice, which may begin a character of it. */
  #before: Buffer = Buffer.alloc(0);
  #line = 1;
  /** Characters so far on this line. */
  #length = 0;
  #endedInCr = false;
  /** Set with an error of the encoding. The error itself must not repeat the file. */
  odd: OddBytes | undefined;

  /** `encoding` is a name that TextDecoder has; without it, the bytes decide. */
  constructor(file: string, encoding?: string) {
    this.#file = file;
    this.#given = encoding;
  }

  /** Name of the encoding; undefined before it is known. */
  get encoding(): string | undefined {
    return this.#decoder?.encoding;
  }

  /** The text that these bytes complete. Throws E_FILE_ENCODING or E_FILE_FORMAT. */
  push(slice: Buffer): string {
    if (this.#decoder !== undefined) return this.#textOf(this.#decoder, slice, true);
    this.#first = Buffer.concat([this.#first, slice]);
    return this.#first.length < SNIFFED_BYTES ? '' : this.#begin();
  }

  /** The remaining text. Throws E_FILE_ENCODING when a character is cut off. */
  end(): string {
    const first = this.#decoder === undefined ? this.#begin() : '';
    const text = first + this.#textOf(this.#begun(), Buffer.alloc(0), false);
    return this.#endedInCr ? `${text}\n` : text;
  }

  #begin(): string {
    const first = this.#first;
    this.#first = Buffer.alloc(0);
    return this.#textOf(this.#begun(first), first, true);
  }

  #begun(first: Buffer = Buffer.alloc(0)): TextDecoder {
    this.#decoder ??= new TextDecoder(encodingOf(first, { file: this.#file, given: this.#given }), {
      fatal: true,
    });
    return this.#decoder;
  }

  #textOf(decoder: TextDecoder, bytes: Buffer, stream: boolean): string {
    let decoded: string;
    try {
      decoded = decoder.decode(bytes, { stream });
    } catch {
      throw this.#encodingError(bytes);
    }
    this.#before = Buffer.concat([this.#before, bytes.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    if (decoded === '') return '';
    const text = this.#withUnixLines(decoded);
    this.#line += countNewlines(text);
    const last = text.lastIndexOf('\n');
    this.#length = last === -1 ? this.#length + text.length : text.length - last - 1;
    return text;
  }

  #withUnixLines(text: string): string {
    const whole = this.#endedInCr ? `\r${text}` : text;
    this.#endedInCr = whole.endsWith('\r');
    if (!whole.includes('\r')) return whole;
    return (this.#endedInCr ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
  }

  #encodingError(bytes: Buffer): OnboardError {
    const encoding = this.encoding ?? 'utf-8';
    const { text, at } = validStart(encoding, this.#before, bytes);
    const lines = `${this.#endedInCr ? '\r' : ''}${text}`.split(/\r\n?|\n/);
    const line = this.#line + lines.length - 1;
    const column = (lines.length === 1 ? this.#length : 0) + (lines.at(-1)?.length ?? 0) + 1;
    const place = `${this.#file}:${line}:${column}`;
    if (encoding === 'utf-8')
      this.odd = { place, word: wordAt(this.#before, bytes, at), sample: bytes };
    const sentence =
      encoding === 'utf-8'
        ? 'this byte is not valid UTF-8; save the file as UTF-8, or name its encoding, as --encoding windows-1252.'
        : `this is not valid ${encoding}; name another --encoding, or save the file as UTF-8.`;
    return fileError('E_FILE_ENCODING', { file: this.#file, line, column }, sentence);
  }
}

/** The text of the bytes before the first that is wrong, and the place of that byte. */
function validStart(encoding: string, before: Buffer, bytes: Buffer): { text: string; at: number } {
  if (encoding !== 'utf-8') return { text: '', at: 0 };
  const open = openBytes(before);
  const given = Buffer.concat([open, bytes]);
  // Decoding replaces the faulty bytes, so that they are the first to differ.
  const decoded = Buffer.from(given.toString());
  const found = given.findIndex((byte, at) => byte !== decoded[at]);
  const fault = found === -1 ? given.length : found;
  return { text: given.toString('utf8', 0, fault), at: fault - open.length };
}

/** The bytes at the end that begin a character of UTF-8. */
function openBytes(before: Buffer): Buffer {
  for (let count = 1; count <= Math.min(3, before.length); count += 1) {
    const byte = before[before.length - count] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return before.subarray(length > count ? before.length - count : before.length);
  }
  return Buffer.alloc(0);
}

/** The bytes around a place of the slice, up to what separates words in every encoding. */
function wordAt(before: Buffer, bytes: Buffer, at: number): Buffer {
  const all = Buffer.concat([before, bytes.subarray(0, at + KEPT_BYTES)]);
  const place = before.length + at;
  const isLetter = (index: number) =>
    !/[\s,;":.<>@|()]/.test(all.toString('latin1', index, index + 1));
  let [from, to] = [place, place];
  while (from > 0 && isLetter(from - 1)) from -= 1;
  while (to < all.length && isLetter(to)) to += 1;
  return all.subarray(from, to);
}
