import type { Timings } from '../timings.ts';
import type { Portal } from './client.ts';

const MORE_ASKS = 2;

/**
 * The portal's own rule for names (`userNameRegex` of its public settings, docspace-contract 2.5), so
 * that a row which the portal would refuse is rejected at intake; undefined when the portal does not
 * tell one that is one here. The `u` flag gives `\p{L}` its meaning.
 *
 * It also lets the client hear the portal's clock, by which the age of accounts is judged later: a
 * portal in trouble may answer the next time, so it is asked again.
 */
export async function namePatternOf(
  portal: Portal,
  { portalAskMs }: Timings,
): Promise<RegExp | undefined> {
  const signal = AbortSignal.timeout(portalAskMs);
  let verdict = await portal.settings({ signal });
  for (let left = MORE_ASKS; left > 0 && verdict.kind === 'unknown'; left -= 1) {
    verdict = await portal.settings({ signal });
  }
  return verdict.kind === 'ok' ? patternFrom(verdict.value.userNameRegex) : undefined;
}

/** The portal's rule for names as a pattern of ours; undefined when it is none here. */
export function patternFrom(source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    // The stock portal escapes a hyphen that needs none; without it the pattern is our own again.
    return new RegExp(source.replace('\\-]', '-]'), 'u');
  } catch {
    return undefined;
  }
}
