import { printable } from '../printable.ts';
import { environmentSchema } from './environment.ts';

type Values = Readonly<Record<string, string | undefined>>;

const OURS = /^(?:ONBOARD|DASHBOARD|CONSOLE|DOCSPACE)_/i;

/** Variables that Kubernetes and Docker add for a service of one of these names. */
const OF_A_SERVICE = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP)(?:_|$)/;

/** Share of a name that may differ from the one that was meant. */
const ALIKE = 0.4;

/**
 * A sentence about each variable that has one of our prefixes and is none of ours, most often a
 * misspelt one: the default would apply silently. Never has a value.
 */
export function unknownVariables(env: Values, dotEnv: Values): string[] {
  return [...unknownIn(env, 'the environment'), ...unknownIn(dotEnv, '.env')];
}

function unknownIn(values: Values, where: string): string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.entries(values)
    .filter(([name, value]) => OURS.test(name) && !OF_A_SERVICE.test(name) && value?.trim())
    .filter(([name]) => !known.includes(name))
    .map(([name]) => {
      const nearest = nearestOf(name, known);
      const help =
        nearest === undefined ? 'docs/configuration.md lists all' : `did you mean ${nearest}?`;
      return `${printable(name)} in ${where} is no variable of this program and is ignored: ${help}`;
    });
}

function nearestOf(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((one) => ({ one, steps: stepsBetween(name.toUpperCase(), one) }));
  const [best] = distances.sort((left, right) => left.steps - right.steps);
  return best !== undefined && best.steps <= name.length * ALIKE ? best.one : undefined;
}

/** Letters to insert, remove or replace between two words (Levenshtein). */
function stepsBetween(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const [insert = 0, remove = 0, replace = 0] = [
        current[column],
        above[column + 1],
        above[column],
      ];
      current.push(Math.min(insert + 1, remove + 1, replace + (letter === other ? 0 : 1)));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
