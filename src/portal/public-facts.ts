import type { Timings } from '../timings.ts';
import type { Portal } from './client.ts';

/** More questions while the portal is in trouble. */
const MORE_TRIES = 2;

/** The facts of the portal that a submission needs. */
export interface PublicFacts {
  /**
   * The portal's rule for names, so that a row which the portal would refuse is rejected at intake;
   * see patternFrom.
   */
  namePattern: ReturnType<typeof patternFrom>;
  /** The portal's clock now, ms: the age of accounts is compared with it later. */
  portalNow: number | undefined;
}

/**
 * Asks for the public settings, and with the answer for the portal's clock. A submission must not
 * wait long for a portal that is down: everything together takes `portalAskMs` at most.
 */
export async function readPublicFacts(
  portal: Portal,
  { portalAskMs }: Timings,
): Promise<PublicFacts> {
  const signal = AbortSignal.timeout(portalAskMs);
  let verdict = await portal.settings({ signal });
  for (let left = MORE_TRIES; left > 0 && verdict.kind === 'unknown'; left -= 1) {
    verdict = await portal.settings({ signal });
  }
  const regex = verdict.kind === 'ok' ? verdict.value.userNameRegex : undefined;
  return { namePattern: patternFrom(regex), portalNow: portal.clock() };
}

/** The portal's cultures (P-CULTURE-01); undefined where it does not list them in `portalAskMs`. */
export async function readCultures(
  portal: Portal,
  { portalAskMs }: Timings,
): Promise<string[] | undefined> {
  const verdict = await portal.cultures({ signal: AbortSignal.timeout(portalAskMs) });
  return verdict.kind === 'ok' && verdict.value.length > 0 ? verdict.value : undefined;
}

/** Limit of the length of a pattern; the stock portal's has 22 characters. */
const MAX_PATTERN_LENGTH = 1000;

/**
 * One anchored character class with a quantifier, as every stock portal has it. Any other form may
 * take exponential time for one name, which no signal could stop. `\w` and `\d` are missing because
 * .NET gives them other characters.
 */
const ONE_CLASS =
  /^\^\[\^?(?:\\[pP]\{[A-Z][a-z]?\}|\\[-.s]|[^\\[\]^\p{C}])+\](?:[+*]|\{\d{1,3}(?:,\d{0,3})?\})\$$/u;

/**
 * The portal's rule for names (`userNameRegex`) as a pattern. `unusable` for a rule that is not run
 * here, so that the portal alone decides; undefined when the portal does not say. The `u` flag gives
 * `\p{L}` its meaning.
 */
export function patternFrom(source: string | undefined): RegExp | 'unusable' | undefined {
  if (source === undefined) return undefined;
  if (source.length > MAX_PATTERN_LENGTH || !ONE_CLASS.test(source)) return 'unusable';
  try {
    // The stock portal escapes a hyphen that needs no escape; without it the rule equals ours.
    return new RegExp(source.replace('\\-]', '-]'), 'u');
  } catch {
    return 'unusable';
  }
}
