import type { Batch } from './batches.ts';

/** Why an invite that could be sent is not sent yet. */
export interface Gate {
  code: 'invite-held' | 'too-few-created' | 'invite-at';
  /** When it is sent by itself, ms since the epoch; without it, when a person says so. */
  until?: number;
}

/** What the gate looks at besides the batch's options. */
interface Standing {
  /** Accepted people, and those of them who have an account now. */
  accepted: number;
  present: number;
  now: number;
}

/**
 * Whether the invite of a round whose rows are all settled has to wait: a submission may hold it
 * back, ask for a share of the people to be there, or name a time. A batch that is cancelled, or
 * whose invite a person released, does not wait.
 */
export function gateOf(batch: Batch, { accepted, present, now }: Standing): Gate | undefined {
  if (batch.inviteReleased || batch.cancelling !== undefined) return undefined;
  if (present * 100 < accepted * batch.minCreatedPercent) return { code: 'too-few-created' };
  if (batch.inviteHeld) return { code: 'invite-held' };
  if (batch.inviteAt === undefined || batch.inviteAt <= now) return undefined;
  return { code: 'invite-at', until: batch.inviteAt };
}
