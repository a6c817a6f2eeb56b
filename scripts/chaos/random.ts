/** Random numbers of a seed. */
export interface Random {
  /** A number from 0 to below 1. */
  next(): number;
  /** A whole number in an inclusive range. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Random numbers of a seed and a round by splitmix32, whose seeds give different sequences. */
export function randomOf(seed: number, round: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(round, 0x85ebca77)) | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
  };
}
