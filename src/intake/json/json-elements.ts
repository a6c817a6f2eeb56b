import type { OnboardError } from '../../errors.ts';
import { plainName } from '../columns/column-errors.ts';
import { fileError, refuseGiant } from '../file-error.ts';
import { JsonWalk } from './json-walk.ts';

export type JsonText = { line: number; text: string };

/** Splits a file into JSON values, in slices. */
export interface Splitter {
  push(text: string): JsonText[];
  /** The values open at the end of the file. */
  end(): JsonText[];
}

const NDJSON_ADVICE =
  'the file must hold an array of objects, but starts with an object; use --format ndjson for one object per line.';
const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Splits one JSON array into the texts of its elements, in slices, by strings, brackets and commas
 * only. JSON.parse, which is native, checks the elements: 100,000 objects take 150 to 250 ms this
 * way, and 350 to 490 ms with @streamparser/json.
 */
export class JsonElements implements Splitter {
  readonly #file: string;
  /** Path of the array; undefined where the file itself is the array. */
  readonly #path: string | undefined;
  /** Follows an object until its array, and behind it. */
  readonly #walk = new JsonWalk();
  #place: 'before' | 'walking' | 'inside' | 'after' = 'before';
  #isFound = false;
  #held = '';
  /** Index of the first character of `#held` to scan. */
  #at = 0;
  #line = 1;
  /** Index and line of the first character of the current element; -1 before it. */
  #start = -1;
  #startLine = 1;
  #depth = 0;
  #isInString = false;
  #followsComma = false;
  readonly #found: JsonText[] = [];

  /** `path` leads to the array inside an object, as `users` or `data.users`. */
  constructor(file: string, path?: string) {
    this.#file = file;
    this.#path = path;
  }

  /** The elements that this slice completes. Throws E_FILE_MALFORMED with the line. */
  push(text: string): JsonText[] {
    this.#held += text;
    this.#scan();
    const keepFrom = this.#start === -1 ? this.#at : this.#start;
    this.#held = this.#held.slice(keepFrom);
    this.#at -= keepFrom;
    if (this.#start !== -1) this.#start = 0;
    refuseGiant(this.#held.length, { file: this.#file, line: this.#startLine });
    return this.#found.splice(0);
  }

  /** Throws E_FILE_MALFORMED when the array is not closed; an empty text is allowed. */
  end(): JsonText[] {
    if (this.#walk.isOpen || (this.#walk.isOver && !this.#isFound)) throw this.#walkEnd();
    if (this.#place !== 'inside') return [];
    if (this.#depth === 0 && !this.#isInString) {
      throw this.#error('the file ends before the array is closed; add ] at the end.');
    }
    const sentence = 'the file ends inside the record that starts here; complete the file.';
    throw this.#error(sentence, this.#startLine);
  }

  #scan(): void {
    const held = this.#held;
    for (; this.#at < held.length; this.#at += 1) {
      const code = held.charCodeAt(this.#at);
      if (code === LF) this.#line += 1;
      if (this.#place === 'walking') this.#follow(held.charAt(this.#at));
      else if (this.#isInString) {
        if (code === QUOTE) this.#isInString = false;
        // An escaped character is skipped, also the first of the next slice.
        else if (code === BACKSLASH) this.#at += 1;
      } else if (!isSpace(code)) this.#structure(code);
    }
  }

  #structure(code: number): void {
    if (this.#place !== 'inside') this.#outside(code);
    else if (this.#depth === 0 && code === COMMA) this.#finish(true);
    else if (this.#depth === 0 && code === CLOSE_ARRAY) {
      this.#finish(this.#followsComma);
      this.#place = 'after';
      if (this.#path !== undefined) this.#follow(']');
    } else this.#inside(code);
  }

  #outside(code: number): void {
    if (this.#place === 'after') {
      const isNext = code === OPEN_OBJECT && this.#walk.isOver && !this.#isFound;
      throw this.#error(
        isNext ? NDJSON_ADVICE : 'more text follows the end of the array; remove it.',
      );
    }
    if (code === OPEN_OBJECT) {
      this.#walk.take('{');
      this.#place = 'walking';
      return;
    }
    if (code !== OPEN_ARRAY) throw this.#error('the file must hold a JSON array of objects.');
    if (this.#path !== undefined) {
      throw this.#error('the file holds an array, not an object with arrays; remove --at.');
    }
    this.#place = 'inside';
  }

  #follow(char: string): void {
    let path: string | undefined;
    try {
      path = this.#walk.take(char);
    } catch {
      throw this.#error(`a ${char} here closes nothing; remove it.`);
    }
    this.#place = this.#walk.isOver ? 'after' : 'walking';
    if (path === undefined || path !== this.#path || this.#isFound) return;
    this.#isFound = true;
    this.#place = 'inside';
  }

  /** The error of an object without the array that is wanted, or without an end. */
  #walkEnd(): OnboardError {
    const { arrays, isOver } = this.#walk;
    if (!isOver)
      return this.#error('the file ends before the object is closed; complete the file.');
    const names = arrays.map((path) => JSON.stringify(plainName(path))).join(', ');
    const [first] = arrays;
    if (this.#path !== undefined) {
      const has = first === undefined ? 'it has no array of objects' : `its arrays are ${names}`;
      return this.#error(`--at: the file has no array at this place; ${has}.`);
    }
    if (first === undefined) return this.#error(NDJSON_ADVICE);
    return this.#error(
      `the file holds an object with arrays, not an array of people; name the array: --at ${names}.`,
    );
  }

  #inside(code: number): void {
    if (this.#start === -1) {
      this.#start = this.#at;
      this.#startLine = this.#line;
    }
    if (code === QUOTE) this.#isInString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) this.#depth += 1;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      if (this.#depth === 0) throw this.#error('a } here closes nothing; remove it.');
      this.#depth -= 1;
    }
  }

  #finish(isRequired: boolean): void {
    if (this.#start !== -1) {
      const text = this.#held.slice(this.#start, this.#at);
      this.#found.push({ line: this.#startLine, text });
    } else if (isRequired) throw this.#error('a comma here has no record next to it; remove it.');
    this.#start = -1;
    this.#followsComma = true;
  }

  #error(sentence: string, line: number = this.#line): OnboardError {
    return fileError('E_FILE_MALFORMED', { file: this.#file, line }, sentence);
  }
}

/** White space of JSON (RFC 8259, section 2). */
function isSpace(code: number): boolean {
  return code === 0x20 || code === LF || code === 0x09 || code === 0x0d;
}
