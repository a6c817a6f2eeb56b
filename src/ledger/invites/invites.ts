import { z } from 'zod';
import type { Batch } from '../batch/batches.ts';
import { parseJson } from '../json.ts';
import { keysOf, type Ledger } from '../ledger.ts';
import { noteAccepted, noteSending } from '../lua/invite-requests.ts';
import { runScript } from '../lua/script.ts';
import { bitmapOf, setPositions } from '../rows/bitmap.ts';
import { decodeInput, emailOf, placeOf } from '../rows/row-codec.ts';
import { countRows, readInput, rowsIn } from '../rows/rows.ts';

/** A person for the next invite request. */
export interface Invitee {
  row: number;
  email: string;
  /** The person's place in the input: file and line. */
  place: string;
}

/**
 * Accounts that this batch created and that no accepted invite request holds, in the order of the
 * input: all of them, or the first `inviteSize`.
 */
export async function nextInvitees(ledger: Ledger, batch: Batch): Promise<Invitee[]> {
  const invited = await ledger.redis.getBuffer(ledger.keys.invited(batch.id));
  const known = new Set(setPositions(invited ?? Buffer.alloc(0), 0));
  const most = batch.inviteSize ?? Number.POSITIVE_INFINITY;
  const invitees: Invitee[] = [];
  for await (const slice of rowsIn(ledger, batch.id, 'created')) {
    const rows = slice.filter((row) => !known.has(row)).slice(0, most - invitees.length);
    const some = await Promise.all(rows.map((row) => readInvitee(ledger, batch.id, row)));
    for (const invitee of some) invitees.push(invitee);
    if (invitees.length >= most) break;
  }
  return invitees;
}

/** How many accounts of this batch no accepted invite request holds. */
export async function countUninvited(ledger: Ledger, batch: string): Promise<number> {
  const [created, invited] = await Promise.all([
    countRows(ledger, batch, 'created'),
    ledger.redis.bitcount(ledger.keys.invited(batch)),
  ]);
  return created - invited;
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
  const texts = await ledger.redis.lrange(ledger.keys.invites(batch), 0, -1);
  return texts.flatMap((text) => requestSchema.safeParse(parseJson(text)).data ?? []);
}

/** @throws {Error} when the row is damaged: leaving it out would forget an account. */
async function readInvitee(ledger: Ledger, batch: string, row: number): Promise<Invitee> {
  const input = decodeInput(await readInput(ledger, batch, row));
  const email = emailOf(input);
  if (input === undefined || email === undefined) throw new Error(`row ${row} is damaged`);
  return { row, email, place: placeOf(input) };
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

/** Notes that the portal accepted the request: its rows are invited, in one atomic step. */
export async function noteInviteAccepted(
  ledger: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<void> {
  const keys = keysOf(ledger, batch);
  await runScript(ledger, noteAccepted, {
    keys: { ...keys, scratch: `${keys.invited}:now` },
    args: { rows: bitmapOf(rows) },
  });
}
