import type { Verdict } from '../portal/verdict.ts';
import type { Outcome } from './outcome.ts';

/** Kinds of answer that are about the portal, not about a person. */
type AboutPortal = Extract<Verdict<never>, { kind: 'rate-limited' | 'unreachable' | 'stopped' }>;

/**
 * What to do after an answer about the portal; undefined for the others. The request had no effect.
 * None of these burns an attempt (architecture, rule 5).
 */
export function aboutPortal(verdict: Verdict<unknown>): Outcome | undefined {
  if (!isAboutPortal(verdict)) return undefined;
  switch (verdict.kind) {
    case 'rate-limited':
      return { kind: 'rate-limited', limiter: verdict.limiter, waitMs: verdict.waitMs };
    case 'unreachable':
      return { kind: 'outage', code: verdict.code };
    case 'stopped': {
      const { code, reason, remedy } = verdict;
      return { kind: 'held', hold: { code, reason, remedy } };
    }
  }
}

function isAboutPortal(verdict: Verdict<unknown>): verdict is AboutPortal {
  return ['rate-limited', 'unreachable', 'stopped'].includes(verdict.kind);
}

/** A worker must not create one portal's people on another. */
export function otherPortal(batchPortal: string, workerPortal: string): Outcome | undefined {
  if (batchPortal === workerPortal) return undefined;
  return {
    kind: 'held',
    hold: {
      code: 'other-portal',
      reason: `The batch is for ${batchPortal}, this worker is for ${workerPortal}.`,
      remedy:
        'Give each portal an ONBOARD_PREFIX of its own, and start the worker with the DOCSPACE_URL of the batch.',
    },
  };
}
