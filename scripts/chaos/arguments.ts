import { parseArgs } from 'node:util';

/**
 * The checked arguments of chaos.
 * @throws {Error} one sentence for a flag that does not exist or a value that is no whole number.
 */
export function chaosArguments(args: readonly string[]) {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text(String(Math.floor(Math.random() * 1e6))),
      rounds: text('10'),
      first: text('1'),
      people: text('500'),
      jobs: text('2'),
      keep: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seed' | 'rounds' | 'first' | 'people' | 'jobs', least: number) => {
    const number = /^\d{1,9}$/.test(values[name]) ? Number(values[name]) : Number.NaN;
    if (number >= least) return number;
    throw new Error(`--${name}: give a whole number, ${least} or more`);
  };
  return {
    seed: whole('seed', 0),
    rounds: whole('rounds', 1),
    first: whole('first', 1),
    people: whole('people', 1),
    jobs: whole('jobs', 1),
    keep: values.keep,
  };
}
