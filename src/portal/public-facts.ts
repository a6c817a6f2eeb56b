import type { Timings } from '../timings.ts';
import type { Portal } from './client.ts';

/** More questions while the portal is in trouble. */
const MORE_TRIES = 2;

/** The facts of the portal that a submission needs. */
export interface PublicFacts {
  /**
   * The portal's rule for names, so that a row which the portal would refuse is rejected at intake;
   * undefined when the portal does not say, or its rule is no pattern here.
   */
  namePattern: RegExp | undefined;
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

/**
 * The portal's rule for names (`userNameRegex`) as a pattern; undefined when it is none here. The
 * `u` flag gives `\p{L}` its meaning.
 */
export function patternFrom(source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    // The stock portal escapes a hyphen that needs no escape; `u` would refuse the escape.
    return new RegExp(source.replace('\\-]', '-]'), 'u');
  } catch {
    return undefined;
  }
}
