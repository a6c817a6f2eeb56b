import type { Portal } from '../portal/client.ts';
import type {
  InvitationSettings,
  KeyInfo,
  OwnSettings,
  PortalSettings,
  Quota,
} from '../portal/portal-facts.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { Account } from '../portal/wire.ts';
import type { Timings } from '../timings.ts';

/** Facts that need a key. */
export interface KeyFacts {
  whoami: Verdict<KeyInfo>;
  self: Verdict<Account>;
  ownSettings: Verdict<OwnSettings>;
  quota: Verdict<Quota>;
}

/** Facts of the portal before a submission. */
export interface PortalFacts {
  origin: string;
  settings: Verdict<PortalSettings>;
  /** Lead of the portal's clock over ours, ms; absent without a time of the portal. */
  clockAheadMs?: number | undefined;
  inviting: Verdict<InvitationSettings>;
  /** Absent without a key. */
  key?: KeyFacts | undefined;
}

interface Asking {
  origin: string;
  hasKey: boolean;
  /** Ms since the epoch. */
  now: () => number;
  timings: Timings;
}

/** Reads all facts at once, for `portalAskMs` at most; never rejects. */
export async function askPortal(portal: Portal, asking: Asking): Promise<PortalFacts> {
  const options = { signal: AbortSignal.timeout(asking.timings.portalAskMs) };
  const [settings, inviting, key] = await Promise.all([
    portal.settings(options),
    portal.invitationSettings(options),
    asking.hasKey ? askForKey(portal, options) : undefined,
  ]);
  const clock = portal.clock();
  return {
    origin: asking.origin,
    settings,
    clockAheadMs: clock === undefined ? undefined : clock - asking.now(),
    inviting,
    key,
  };
}

async function askForKey(portal: Portal, options: { signal: AbortSignal }): Promise<KeyFacts> {
  const [whoami, self, ownSettings, quota] = await Promise.all([
    portal.whoami(options),
    portal.self(options),
    portal.ownSettings(options),
    portal.quota(options),
  ]);
  return { whoami, self, ownSettings, quota };
}
