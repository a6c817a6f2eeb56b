import { type GateCode, stuckCodes } from '../../gates.ts';
import type { Batch } from '../batch/batches.ts';

/** Why an invite that could be sent is not sent yet. */
export interface Gate {
  code: GateCode;
  /** Time at which the invite is sent, ms since the epoch; without it, a person releases it. */
  until?: number | undefined;
}

/** Whether the gate of a batch needs a person, because the portal did not take its invite. */
export function isStuck(gate: { code: GateCode } | null): boolean {
  return stuckCodes.some((code) => code === gate?.code);
}

/**
 * The gate at which the invite of a settled round waits; undefined when it may be sent. `present`
 * is how many of the accepted people have an account now.
 */
export function gateOf(
  batch: Batch,
  { accepted, present, now }: { accepted: number; present: number; now: number },
): Gate | undefined {
  const { minCreatedPercent = 0, inviteHeld, inviteAt, stuck } = batch;
  if (stuck !== undefined && batch.cancelling !== 'no-invite' && (stuck.until ?? now) >= now) {
    return { code: stuck.code, until: stuck.until };
  }
  if (batch.inviteReleased || batch.cancelling !== undefined) return undefined;
  if (present * 100 < accepted * minCreatedPercent) return { code: 'too-few-created' };
  if (inviteHeld) return { code: 'invite-held' };
  if (inviteAt === undefined || inviteAt <= now) return undefined;
  return { code: 'invite-at', until: inviteAt };
}
