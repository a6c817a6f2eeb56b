/** Flags of every part of the page: short for a trial, and its figures as a last line of JSON. */
export const COMMON = {
  rounds: { type: 'string', default: '3' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Reads the command line; one that cannot be read ends the benchmark with status 2 and a line. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(2);
  }
}

/** A number of at least 1. */
export function countOf(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new Error(`${flag}: give a number of at least 1, not ${JSON.stringify(text)}`);
}

/** The named ones of `known` in the order of `known`, or all of them. */
export function chosen<T extends string>(names: readonly string[], known: readonly T[]): T[] {
  const unknown = names.find((name) => !known.some((each) => each === name));
  if (unknown !== undefined) throw new Error(`${unknown}: give one of ${known.join(', ')}`);
  return known.filter((name) => names.length === 0 || names.includes(name));
}
