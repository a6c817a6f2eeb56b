import { z } from 'zod';
import type { Batch } from './batches.ts';
import { setPositions } from './bitmap.ts';
import { bucketOf } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { parseJson, rowsIn } from './rows.ts';
import { runScript } from './script.ts';
import { inviteAccepted, inviteSending } from './scripts.ts';

const emailSchema = z.object({ person: z.object({ email: z.string() }) });

/** E-mails of the accounts that this batch created and that no accepted invite request holds. */
export async function uninvitedEmails(ledger: Ledger, batch: string): Promise<string[]> {
  const invited = await ledger.redis.getBuffer(ledger.keys.invited(batch));
  const known = new Set(setPositions(invited ?? Buffer.alloc(0), 0));
  const emails: string[] = [];
  for await (const slice of rowsIn(ledger, batch, 'created')) {
    const rows = slice.filter((row) => !known.has(row));
    for (const email of await emailsOf(ledger, batch, rows)) emails.push(email);
  }
  return emails;
}

async function emailsOf(ledger: Ledger, batch: string, rows: number[]): Promise<string[]> {
  const base = ledger.keys.rows(batch);
  const texts = await Promise.all(
    rows.map((row) => ledger.redis.hget(base + bucketOf(row), String(row))),
  );
  return texts.map((text) => emailSchema.parse(parseJson(text)).person.email);
}

/**
 * Writes down that an invite request is about to be sent, before it is. Returns how many earlier
 * requests of this batch ended without a known outcome: those may have been accepted as well.
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

/** The portal surely did not carry out the request that was noted. */
export async function noteInviteRefused(ledger: Ledger, batch: string): Promise<void> {
  await ledger.redis.hdel(ledger.keys.record(batch), 'sending');
}

/** The portal accepted the request: every created row is invited, in one atomic step. */
export async function noteInviteAccepted(ledger: Ledger, batch: string): Promise<void> {
  const { keys, redis } = ledger;
  const call = [
    keys.record(batch),
    keys.invites(batch),
    `${keys.is(batch)}created`,
    keys.invited(batch),
  ];
  await runScript(redis, inviteAccepted, { keys: call, args: [] });
}
