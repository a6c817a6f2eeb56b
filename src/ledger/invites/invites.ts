import { z } from 'zod';
import type { Batch } from '../batch/batches.ts';
import { parseJson } from '../json.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import { noteAccepted, noteSending } from '../lua/invite-requests.ts';
import { runScript } from '../lua/script.ts';
import { countRows } from '../rows/rows.ts';

/**
 * Most people of one request, unless the submission says another number. The portal takes 1.3 ms for
 * each (P-INVITE-09), and its proxy gives up after 60 s: 20,000 leave room for a slower one.
 */
const INVITE_SIZE = 20_000;

/** Most people of a request of this size; 0 is everybody. */
export function mostInvitees(inviteSize: number | undefined): number {
  return inviteSize === 0 ? Number.POSITIVE_INFINITY : (inviteSize ?? INVITE_SIZE);
}

/** Accounts that this batch created, that no accepted request holds and that none is to hold. */
export const LEFT_OUT = ['not-invitable', 'invite-refused'] as const;

/** How many accounts of this batch are still to be in an invite request. */
export async function countUninvited(ledger: Ledger, batch: string): Promise<number> {
  const { keys, redis } = ledger;
  const [created, ...others] = await Promise.all([
    countRows(ledger, batch, 'created'),
    redis.bitcount(keys.invited(batch)),
    ...LEFT_OUT.map((mark) => redis.bitcount(keys.marks(batch) + mark)),
  ]);
  return others.reduce((left, count) => left - count, created);
}

const requestSchema = z.object({
  /** When it was sent, ms of Redis' clock. */
  at: z.number(),
  /** Whether the portal accepted it; otherwise its answer never came. */
  known: z.boolean(),
});
type InviteRequest = z.infer<typeof requestSchema>;

/** Invite requests of a batch that the portal accepted, or may have accepted, oldest first. */
export async function inviteRequests(ledger: Ledger, batch: string): Promise<InviteRequest[]> {
  return decodeRequests(await ledger.redis.lrange(ledger.keys.invites(batch), 0, -1));
}

/** The requests in these texts; damaged ones are left out. */
export function decodeRequests(texts: readonly string[]): InviteRequest[] {
  return texts.flatMap((text) => requestSchema.safeParse(parseJson(text)).data ?? []);
}

/**
 * Notes that an invite request is about to be sent. Returns how often in a row it was sent before
 * without a known outcome: the portal may have accepted it then.
 */
export async function noteInviteSending(
  ledger: Ledger,
  { id, round }: Batch,
  people: number,
): Promise<number> {
  const keys = keysOf(ledger, id);
  return runScript(ledger, noteSending, { keys, args: { round, people } });
}

/** Removes the note of a request that the portal surely did not accept. */
export async function noteInviteRefused(ledger: Ledger, batch: string): Promise<void> {
  await ledger.redis.hdel(ledger.keys.record(batch), 'sending');
}

/**
 * Notes that the portal accepted the request: the rows of this bitmap are invited, in one atomic step
 * of less than 1 ms for 1,000,000 rows.
 */
export async function noteInviteAccepted(
  ledger: Ledger,
  batch: string,
  rows: Buffer,
): Promise<void> {
  const keys = keysOf(ledger, batch);
  await runScript(ledger, noteAccepted, {
    keys: { ...keys, scratch: `${keys.invited}:now` },
    args: { rows },
  });
}
