import { type ByteBudget, tooLong } from './byte-budget.ts';
import { unescaped } from './workbook-index.ts';
import type { WorkbookParts } from './workbook-parts.ts';

/** Limit of the characters of a cell in every spreadsheet. */
const MAX_CELL_LENGTH = 32_767;

/** Bytes of a page of texts, more than the longest text has, and places in a page of places. */
const PAGE_BYTES = 1_048_576;
const PAGE_PLACES = 65_536;
/** Bytes for where a text begins, and for its length. */
const PLACE_BYTES = 8;

/**
 * The texts that cells name by number, as UTF-8 outside the heap of JavaScript: what they take is
 * known to the byte, and millions of them do not end the process.
 */
export class SharedTexts {
  readonly #pages: Buffer[] = [];
  readonly #places: Uint32Array[] = [];
  readonly #budget: ByteBudget;
  #used = PAGE_BYTES;
  #count = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  add(text: string): void {
    const size = Buffer.byteLength(text);
    this.#budget.spend(size + PLACE_BYTES);
    if (this.#used + size >= PAGE_BYTES) {
      this.#pages.push(Buffer.allocUnsafe(PAGE_BYTES));
      this.#used = 0;
    }
    const page = this.#pages.length - 1;
    this.#pages[page]?.write(text, this.#used);
    this.#note(page * PAGE_BYTES + this.#used, size);
    this.#used += size;
  }

  #note(start: number, size: number): void {
    const at = this.#count % PAGE_PLACES;
    if (at === 0) this.#places.push(new Uint32Array(PAGE_PLACES * 2));
    this.#places.at(-1)?.set([start, size], at * 2);
    this.#count += 1;
  }

  /** The text with this number from 0; undefined where there is none. */
  get(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return undefined;
    const places = this.#places[Math.floor(index / PAGE_PLACES)];
    const at = (index % PAGE_PLACES) * 2;
    const [start = 0, size = 0] = [places?.[at], places?.[at + 1]];
    const from = start % PAGE_BYTES;
    return this.#pages[Math.floor(start / PAGE_BYTES)]?.toString('utf8', from, from + size);
  }
}

/** Reads the shared texts of a workbook; their memory is taken from `memory`. */
export async function readSharedTexts(
  parts: WorkbookParts,
  part: string,
  memory: ByteBudget,
): Promise<SharedTexts> {
  const texts = new SharedTexts(memory);
  if (!parts.has(part)) return texts;
  const text = new CellText();
  await parts.read(part, {
    open: (name) => text.open(name),
    text: (piece) => text.add(piece),
    close: (name) => {
      text.close(name);
      if (name === 'si') texts.add(unescaped(text.take()));
    },
  });
  return texts;
}

/** Collects the text of one cell: everything in `t` or `v`, but no reading aid for East Asia. */
export class CellText {
  #text = '';
  #isOpen = false;
  #isAid = false;

  open(name: string): void {
    if (name === 'rPh') this.#isAid = true;
    if (name === 't' || name === 'v') this.#isOpen = !this.#isAid;
  }

  /** @throws {OverBudgetError} for more text than a cell can have. */
  add(piece: string): void {
    if (!this.#isOpen) return;
    this.#text += piece;
    if (this.#text.length > MAX_CELL_LENGTH) throw tooLong('cell', MAX_CELL_LENGTH);
  }

  close(name: string): void {
    if (name === 'rPh') this.#isAid = false;
    if (name === 't' || name === 'v') this.#isOpen = false;
  }

  /** The text since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
