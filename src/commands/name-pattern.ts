import type { Portal } from '../portal/client.ts';

/** A submission must not wait long for a portal that is down: our own pattern does as well. */
const ASK_MS = 3000;

/**
 * The portal's own pattern for names (`userNameRegex` of its public settings, docspace-contract
 * 2.5), so that a row which the portal would refuse is rejected at intake; undefined when the
 * portal does not tell, or tells one that is none here. The `u` flag gives `\p{L}` its meaning.
 */
export async function namePatternOf(portal: Portal): Promise<RegExp | undefined> {
  const verdict = await portal.settings({ signal: AbortSignal.timeout(ASK_MS) });
  if (verdict.kind !== 'ok' || verdict.value.userNameRegex === undefined) return undefined;
  try {
    // The stock portal escapes a hyphen that needs none; without it the pattern is our own again.
    return new RegExp(verdict.value.userNameRegex.replace('\\-]', '-]'), 'u');
  } catch {
    return undefined;
  }
}
