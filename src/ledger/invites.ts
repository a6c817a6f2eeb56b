import { z } from 'zod';
import type { Batch } from './batches.ts';
import { bitmapOf, setPositions } from './bitmap.ts';
import { bucketOf } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { parseJson, rowsIn } from './rows.ts';
import { runScript } from './script.ts';
import { inviteAccepted, inviteSending } from './scripts.ts';

const inputSchema = z.object({
  file: z.string(),
  line: z.number(),
  person: z.object({ email: z.string() }),
});

/** Somebody whom the next invite request is to hold. */
export interface Invitee {
  row: number;
  email: string;
  /** Where the person stands in the input: file and line. */
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
    for (const invitee of await inviteesOf(ledger, batch.id, rows)) invitees.push(invitee);
    if (invitees.length >= most) break;
  }
  return invitees;
}

/** How many accounts of this batch no accepted invite request holds. */
export async function uninvited(ledger: Ledger, batch: string): Promise<number> {
  const { keys, redis } = ledger;
  const [created, invited] = await Promise.all([
    redis.bitcount(`${keys.is(batch)}created`),
    redis.bitcount(keys.invited(batch)),
  ]);
  return created - invited;
}

async function inviteesOf(ledger: Ledger, batch: string, rows: number[]): Promise<Invitee[]> {
  const base = ledger.keys.rows(batch);
  return Promise.all(
    rows.map(async (row) => {
      const text = await ledger.redis.hget(base + bucketOf(row), String(row));
      const { person, file, line } = inputSchema.parse(parseJson(text));
      return { row, email: person.email, place: `${file} line ${line}` };
    }),
  );
}

/**
 * Writes down that an invite request is about to be sent, before it is. Returns how often in a row
 * it was sent before without a known outcome: the portal may have accepted it then.
 */
export async function noteInviteSending(
  ledger: Ledger,
  batch: Batch,
  people: number,
): Promise<number> {
  const keys = [ledger.keys.record(batch.id), ledger.keys.invites(batch.id)];
  return Number(
    await runScript(ledger.redis, inviteSending, { keys, args: [batch.round, people] }),
  );
}

/** The portal surely did not accept the request that was noted. */
export async function noteInviteRefused(ledger: Ledger, batch: string): Promise<void> {
  await ledger.redis.hdel(ledger.keys.record(batch), 'sending');
}

/** The portal accepted the request: its rows are invited, in one atomic step. */
export async function noteInviteAccepted(
  ledger: Ledger,
  batch: string,
  rows: readonly number[],
): Promise<void> {
  const { keys, redis } = ledger;
  const invited = keys.invited(batch);
  const call = [keys.record(batch), keys.invites(batch), invited, `${invited}:now`];
  await runScript(redis, inviteAccepted, { keys: call, args: [bitmapOf(rows)] });
}
