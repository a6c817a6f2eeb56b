const UINT32 = 4_294_967_296;

/**
 * Seeded random draws, independent of the order of requests: the n-th draw of a decision is a
 * function of the seed, the decision's name and n. A run therefore repeats for each person even
 * when requests overtake each other. Memory grows with the number of decisions.
 */
export class Draws {
  readonly #seed: number;
  readonly #drawn = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The next number of a decision, from 0 to below 1. */
  next(decision: string): number {
    const count = this.#drawn.get(decision) ?? 0;
    this.#drawn.set(decision, count + 1);
    return scatter(hash(`${this.#seed}/${count}/${decision}`)) / UINT32;
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state;
}

/** MurmurHash3's last step: with FNV alone, the high bits of short texts are too similar. */
function scatter(state: number): number {
  let mixed = state ^ (state >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
