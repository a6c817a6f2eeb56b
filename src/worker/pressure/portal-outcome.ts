import type { Verdict } from '../../portal/verdict.ts';
import { holdReason } from '../../stops.ts';
import { held, type Outcome, putBack } from '../outcome.ts';

/** Answers about the portal, not about a person. */
type AboutPortal = Extract<Verdict<never>, { kind: 'rate-limited' | 'unreachable' | 'stopped' }>;

/** Whether a code of an unknown outcome says that something answered in place of the portal. */
export function isOutage(code: string): boolean {
  return code === 'gateway-error' || code === 'web-page';
}

/** Limiters that count invitations only: creations continue (P-LIMIT-08). */
export function isAboutInvitations(limiter: string): boolean {
  return limiter === 'endpoint' || limiter === 'invitations';
}

/** Whether no other request should follow this answer for now. */
export function stopsOthers(verdict: Verdict<unknown>): boolean {
  switch (verdict.kind) {
    case 'rate-limited':
      return !isAboutInvitations(verdict.limiter);
    case 'unreachable':
    case 'stopped':
      return true;
    case 'unknown':
      return isOutage(verdict.code);
    case 'ok':
    case 'absent':
    case 'refused':
    case 'conflict':
      return false;
  }
}

/**
 * Decides what follows an answer about the portal. The request had no effect, and no attempt is
 * burned (architecture, rule 5).
 */
export function portalOutcome(verdict: AboutPortal): Outcome {
  switch (verdict.kind) {
    case 'rate-limited': {
      const { limiter, waitMs, limit } = verdict;
      return putBack({ kind: 'slow-down', limiter, waitMs, limit });
    }
    case 'unreachable':
      return putBack({ kind: 'outage', code: verdict.code });
    case 'stopped': {
      const { code, reason, remedy, detail } = verdict;
      return held({ code, reason, remedy, detail });
    }
  }
}

/** A worker must not create one portal's people on another: undefined when the portals agree. */
export function otherPortal(batchPortal: string, workerPortal: string): Outcome | undefined {
  if (batchPortal === workerPortal) return undefined;
  return held(holdReason('other-portal', { batchPortal, workerPortal }));
}
