/** A figure that a benchmark compares with its aim, in the words of its table. */
export interface Aim {
  what: string;
  measured: string;
  aim: string;
  isMet: boolean;
}

/** Figures of a benchmark, and its aims. */
export interface Outcome<T> {
  figures: T;
  aims: readonly Aim[];
}

interface Compared {
  what: string;
  measured: number;
  aim: number;
  /** Decimals of both numbers; 2 by default. */
  digits?: number;
  unit?: string;
}

/** An aim that a figure below misses; so does one that is not a number. */
export function atLeast(compared: Compared): Aim {
  return { ...worded(compared, 'at least'), isMet: compared.measured >= compared.aim };
}

/** An aim that a figure above misses; so does one that is not a number. */
export function atMost(compared: Compared): Aim {
  return { ...worded(compared, 'at most'), isMet: compared.measured <= compared.aim };
}

function worded({ what, measured, aim, digits = 2, unit = '' }: Compared, bound: string) {
  const text = (value: number) =>
    Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : 'none';
  return { what, measured: text(measured), aim: `${bound} ${text(aim)}` };
}

/** One line for each aim that was missed. */
export function missedLines(aims: readonly Aim[]): string[] {
  return aims
    .filter(({ isMet }) => !isMet)
    .map(({ what, measured, aim }) => `missed: ${what} is ${measured}, the aim is ${aim}`);
}

/** Ends a benchmark: missed aims with status 1, and its outcome as a line of JSON for the page. */
export function conclude(outcome: Outcome<unknown>, { json }: { json: boolean }): void {
  const missed = missedLines(outcome.aims);
  for (const line of missed) console.log(line);
  if (missed.length > 0) process.exitCode = 1;
  if (json) console.log(JSON.stringify(outcome));
}
