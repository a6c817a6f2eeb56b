import type { Portal } from '../portal/client.ts';

/** A submission must not wait long for a portal that is down: our own pattern does as well. */
const ASK_MS = 3000;
const MORE_ASKS = 2;

/** What the portal's public settings tell before a submission. */
export interface PortalTold {
  /** The portal's own rule for names, where it tells one that is one here. */
  namePattern?: RegExp;
  /** What the portal's clock says now, ms since the epoch; undefined when it told no time. */
  clock: () => number | undefined;
}

/**
 * Asks for the portal's public settings (docspace-contract 2.5): `userNameRegex`, so that a row
 * which the portal would refuse is rejected at intake, and the `Date` of the answer, by which the
 * age of accounts is judged later. A portal that does not answer is no reason to stop: both are then
 * unknown. `ticking` is a clock that nobody sets, in ms.
 */
export async function askPortal(portal: Portal, ticking: () => number): Promise<PortalTold> {
  const signal = AbortSignal.timeout(ASK_MS);
  let verdict = await portal.settings({ signal });
  // A portal in trouble may answer the next time, and its clock is worth having.
  for (let left = MORE_ASKS; left > 0 && verdict.kind === 'unknown'; left -= 1) {
    verdict = await portal.settings({ signal });
  }
  const askedAt = ticking();
  if (verdict.kind !== 'ok') return { clock: () => undefined };
  const { answeredAt, value } = verdict;
  const namePattern = patternOf(value.userNameRegex);
  return {
    clock: () =>
      answeredAt === undefined ? undefined : Math.round(answeredAt + ticking() - askedAt),
    ...(namePattern === undefined ? {} : { namePattern }),
  };
}

/** The `u` flag gives `\p{L}` its meaning. */
function patternOf(source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    // The stock portal escapes a hyphen that needs none; without it the pattern is our own again.
    return new RegExp(source.replace('\\-]', '-]'), 'u');
  } catch {
    return undefined;
  }
}
