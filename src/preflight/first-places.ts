import type { RowInput } from '../ledger/rows/row-codec.ts';

/** Where a row is in the input. */
export type Place = Pick<RowInput, 'file' | 'line'>;

/** Entries of a part: 64 KiB. An array that doubles would need three times its size while copied. */
const PART_ENTRIES = 4096;

/** 32-bit words of an entry: 96 bits of the hash, and the line. */
const WORDS = 4;

const FIRST_SLOTS = 1024;

/** Share of the slots in use at which the table grows, and by how much: 5.0 to 7.5 bytes a row. */
const MOST_LOAD = 0.8;
const GROWTH = 1.5;

/**
 * The first place of every person of a list, by hash of the e-mail: at most 24 bytes a row from
 * 200,000 rows on, 22 for a million. With 96 bits of SHA-256, two of a million people have one hash in 1
 * of 10^17 lists.
 */
export class FirstPlaces {
  /** Entries in the order of the rows. */
  readonly #parts: Uint32Array[] = [];
  /** Number of an entry, from 1, at the first free slot after that of its hash; 0 is free. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  /** Files, each with the number of its first entry: a row needs no name of a file. */
  readonly #files: { from: number; file: string }[] = [];

  /** Bytes of its arrays. */
  get bytes(): number {
    const parts = this.#parts.length * PART_ENTRIES * WORDS * 4;
    return parts + this.#slots.byteLength;
  }

  /** Place of the row with this hash (`emailHash`), if one was added. */
  find(hash: string): Place | undefined {
    const words = wordsOf(hash);
    const number = this.#slots[this.#slotOf(words)] ?? 0;
    if (number === 0) return undefined;
    return { file: this.#fileOf(number - 1), line: this.#wordOf(number - 1, WORDS - 1) };
  }

  /** Adds a row whose hash is not here. */
  add(hash: string, { file, line }: Place): void {
    if (this.#files.at(-1)?.file !== file) this.#files.push({ from: this.#size, file });
    const at = this.#size % PART_ENTRIES;
    if (at === 0) this.#parts.push(new Uint32Array(PART_ENTRIES * WORDS));
    const words = wordsOf(hash);
    this.#parts.at(-1)?.set([...words, line], at * WORDS);
    this.#size += 1;
    if (this.#size > this.#slots.length * MOST_LOAD) this.#grow();
    else this.#slots[this.#slotOf(words)] = this.#size;
  }

  /** Makes a larger table from the entries; the one before is released first. */
  #grow(): void {
    const length = Math.ceil(this.#slots.length * GROWTH);
    this.#slots = new Uint32Array(0);
    this.#slots = new Uint32Array(length);
    for (let entry = 0; entry < this.#size; entry += 1) {
      const words = [0, 1, 2].map((word) => this.#wordOf(entry, word));
      this.#slots[this.#slotOf(words)] = entry + 1;
    }
  }

  /** The slot of the entry with this hash, or the free one where it would be. */
  #slotOf(words: readonly number[]): number {
    const slots = this.#slots;
    let slot = Math.floor(((words[0] ?? 0) / 2 ** 32) * slots.length);
    for (;;) {
      const number = slots[slot] ?? 0;
      if (number === 0 || this.#has(number - 1, words)) return slot;
      slot = slot + 1 === slots.length ? 0 : slot + 1;
    }
  }

  #has(entry: number, [first, second, third]: readonly number[]): boolean {
    if (this.#wordOf(entry, 0) !== first) return false;
    return this.#wordOf(entry, 1) === second && this.#wordOf(entry, 2) === third;
  }

  #wordOf(entry: number, word: number): number {
    const at = (entry % PART_ENTRIES) * WORDS + word;
    return this.#parts[Math.floor(entry / PART_ENTRIES)]?.[at] ?? 0;
  }

  /** The last file that begins at or before an entry. */
  #fileOf(entry: number): string {
    let [low, high] = [0, this.#files.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#files[middle]?.from ?? 0) <= entry) low = middle;
      else high = middle - 1;
    }
    return this.#files[low]?.file ?? '';
  }
}

/** The first 96 bits of a hash. */
function wordsOf(hash: string): number[] {
  const bytes = Buffer.from(hash, 'base64url');
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
}
