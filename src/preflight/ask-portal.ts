import type { Portal } from '../portal/client.ts';
import type { Timings } from '../timings.ts';

/** Facts of the portal before a submission. */
export type PortalFacts = Awaited<ReturnType<typeof askPortal>>;

/** Facts that need a key. */
export type KeyFacts = NonNullable<PortalFacts['key']>;

interface Asking {
  origin: string;
  hasKey: boolean;
  /** Ms since the epoch. */
  now: () => number;
  timings: Timings;
}

/** Reads all facts at once, for `portalAskMs` at most; never rejects. */
export async function askPortal(portal: Portal, { origin, hasKey, now, timings }: Asking) {
  const options = { signal: AbortSignal.timeout(timings.portalAskMs) };
  const [settings, inviting, key] = await Promise.all([
    portal.settings(options),
    portal.invitationSettings(options),
    hasKey ? askForKey(portal, options) : undefined,
  ]);
  const clock = portal.clock();
  /** Lead of the portal's clock over ours, ms; undefined without a time of the portal. */
  const clockAheadMs = clock === undefined ? undefined : clock - now();
  return { origin, settings, clockAheadMs, inviting, key };
}

async function askForKey(portal: Portal, options: { signal: AbortSignal }) {
  const [whoami, self, ownSettings, quota] = await Promise.all([
    portal.whoami(options),
    portal.self(options),
    portal.ownSettings(options),
    portal.quota(options),
  ]);
  return { whoami, self, ownSettings, quota };
}
