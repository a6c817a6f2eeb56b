/** Limits of the paths that are found, of their keys, and of the characters of a key. */
const MOST_PATHS = 20;
const MOST_DEPTH = 4;
const MOST_KEY = 100;

interface Open {
  isObject: boolean;
  /** Key of the value that is open inside an object. */
  key: string;
}

/** Follows one JSON value character by character, with memory for its open brackets and one key. */
export class JsonWalk {
  readonly #open: Open[] = [];
  #string: string | undefined;
  #isEscaped = false;
  #isKeyNext = false;
  #begun = '';
  /** Paths of arrays of objects, as `data.users`. */
  readonly arrays: string[] = [];
  /** Whether the value is closed. */
  isOver = false;

  /** Whether it has begun and is not closed. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /**
   * Takes the next character, and returns the path of an array that it opens. Throws for a bracket
   * that closes nothing.
   */
  take(char: string): string | undefined {
    if (this.#string !== undefined) this.#inString(this.#string, char);
    else if (char === '"') this.#string = '';
    else if (char === '{' || char === '[') return this.#enter(char === '{');
    else if (char === '}' || char === ']') this.#leave(char === '}');
    else if (char === ',') this.#isKeyNext = this.#open.at(-1)?.isObject === true;
    else if (char === ':') this.#isKeyNext = false;
    if (char.trim() !== '') this.#begun = '';
    return undefined;
  }

  #inString(text: string, char: string): void {
    if (char === '"' && !this.#isEscaped) {
      const last = this.#open.at(-1);
      if (this.#isKeyNext && last !== undefined) last.key = keyFrom(text);
      this.#string = undefined;
    } else if (text.length <= MOST_KEY) this.#string = text + char;
    this.#isEscaped = char === '\\' && !this.#isEscaped;
  }

  #enter(isObject: boolean): string | undefined {
    const begun = this.#begun;
    if (isObject && begun !== '' && this.arrays.length < MOST_PATHS) this.arrays.push(begun);
    const path = this.#open.map(({ key }) => key).join('.');
    const isNamed = this.#open.length <= MOST_DEPTH && this.#open.every((open) => open.isObject);
    this.#open.push({ isObject, key: '' });
    this.#isKeyNext = isObject;
    this.#begun = !isObject && isNamed ? path : '';
    return isObject || !isNamed ? undefined : path;
  }

  #leave(isObject: boolean): void {
    if (this.#open.pop()?.isObject !== isObject) throw new Error('a bracket closes nothing');
    this.isOver = this.#open.length === 0;
    this.#isKeyNext = false;
  }
}

/** A key without its escapes; empty for one that is too long or damaged. */
function keyFrom(text: string): string {
  try {
    return text.length > MOST_KEY ? '' : String(JSON.parse(`"${text}"`));
  } catch {
    return '';
  }
}
