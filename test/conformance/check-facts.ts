import { type Fact, matches, shown } from './fact.ts';
import type { Probe } from './probe.ts';

/** Longest text of an expectation or an observation that is printed. */
const MOST_SHOWN = 600;

/** A fact that a portal did not show. */
export interface Difference {
  id: string;
  says: string;
  expected: string;
  observed: string;
}

/**
 * Checks facts one after the other. An observation that throws is a difference.
 * @param done is called after each fact
 */
export async function differencesOf(
  portal: Probe,
  facts: readonly Fact[],
  done: (fact: Fact, difference?: Difference) => void = () => undefined,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const fact of facts) {
    const difference = await differenceOf(portal, fact);
    if (difference !== undefined) found.push(difference);
    done(fact, difference);
  }
  return found;
}

async function differenceOf(portal: Probe, fact: Fact): Promise<Difference | undefined> {
  const { id, says, expected } = fact;
  const observed = await fact.observe(portal).catch((error: unknown) => String(error));
  if (matches(expected, observed)) return undefined;
  const [wanted, seen] = [shown(expected), shown(observed)];
  return { id, says, expected: wanted.slice(0, MOST_SHOWN), observed: seen.slice(0, MOST_SHOWN) };
}
