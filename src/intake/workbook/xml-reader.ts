import sax from 'sax';
import type { ByteBudget } from './byte-budget.ts';

/** Limits far above those of a workbook; without them one tag could take all memory. */
const MAX_DEPTH = 100;
const MAX_ATTRIBUTES = 200;

/** Attributes of a tag by name, without prefixes. */
export type Attributes = ReadonlyMap<string, string>;

/** Called with names that have no prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Attributes): void;
  /** A piece of text; one text may come in several. */
  text?(text: string): void;
  close?(name: string): void;
}

/**
 * Reads XML piece by piece, with memory for one tag or 64 KB of text. Throws for XML that is not
 * well-formed, and for a document type: nothing in a workbook needs entities of its own.
 */
export class XmlReader {
  readonly #parser = sax.parser(true);
  #attributes = new Map<string, string>();
  #depth = 0;

  /** Every tag is counted by `budget`. */
  constructor({ open, text, close }: XmlHandlers, budget: ByteBudget) {
    const parser = this.#parser;
    parser.onerror = (error) => {
      throw error;
    };
    parser.ondoctype = () => refuse('a document type');
    parser.onopentagstart = () => {
      this.#attributes = new Map();
    };
    parser.onattribute = ({ name, value }) => this.#note(name, value);
    parser.onopentag = ({ name }) => {
      budget.countTag();
      this.#depth += 1;
      if (this.#depth > MAX_DEPTH) refuse('tags that are nested too deeply');
      open?.(localName(name), this.#attributes);
    };
    parser.onclosetag = (name) => {
      this.#depth -= 1;
      close?.(localName(name));
    };
    if (text === undefined) return;
    parser.ontext = text;
    parser.oncdata = text;
  }

  push(piece: string): void {
    this.#parser.write(piece);
  }

  end(): void {
    this.#parser.close();
  }

  #note(name: string, value: string): void {
    const local = localName(name);
    const isOther = name !== local && (name.startsWith('xmlns:') || this.#attributes.has(local));
    if (!isOther) this.#attributes.set(local, value);
    if (this.#attributes.size > MAX_ATTRIBUTES) refuse('too many attributes');
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function refuse(what: string): never {
  throw new Error(`the XML has ${what}`);
}
