import { BATCH_ID } from '../../batch-id.ts';
import { emailHash } from '../../people/email-hash.ts';
import type { Ledger } from '../ledger.ts';
import { claimRejection, readHolders, releaseClaims } from '../lua/claim-scripts.ts';
import { runScript } from '../lua/script.ts';
import { decodeOutcome } from './row-codec.ts';
import { readTexts } from './rows.ts';

/** Why a claim turns a row away, in the words that recording the row writes. */
export function claimRejectionReason(code: keyof typeof claimRejection, by: string): string {
  return claimRejection[code].replace('%s', () => by);
}

/** The batch and row that a rejected row or a duplicate gave way to, as far as it is known. */
export interface Holder {
  batch: string;
  row: number | undefined;
}

/**
 * The row that has the person of a rejected row or a duplicate, while the claim of then is in force;
 * of another batch the id alone once the claim has passed on. Undefined for other reasons.
 */
export async function holderOf(
  ledger: Ledger,
  { batch, email, code, reason }: { batch: string; email: string; code: string; reason: string },
): Promise<Holder | undefined> {
  const named = code === 'duplicate' ? batch : otherBatchIn(reason);
  if ((code !== 'duplicate' && code !== 'in-other-batch') || named === undefined) return undefined;
  const [, owner, row] = /^(\S+) (\d+) /.exec(await claimOf(ledger, email)) ?? [];
  return { batch: named, row: owner === named ? Number(row) : undefined };
}

/** The batch in the sentence of a claim that rejected a row. */
function otherBatchIn(reason: string): string | undefined {
  const [start = '', end = ''] = claimRejection['in-other-batch'].split('%s');
  if (!reason.startsWith(start)) return undefined;
  const name = reason.slice(start.length).split(end)[0];
  return name !== undefined && BATCH_ID.test(name) ? name : undefined;
}

/** The claim on a person, as stored; empty without one. */
async function claimOf({ keys, redis }: Ledger, email: string): Promise<string> {
  const hash = emailHash(email);
  return (await redis.hget(keys.claims + hash.slice(0, 3), hash.slice(3))) ?? '';
}

/**
 * Id of the account of the row that had this person before; undefined without such a row, or when
 * its batch no longer exists. Whatever its age, the account was there before the present batch.
 */
export async function accountBefore(ledger: Ledger, email: string): Promise<string | undefined> {
  const claim = await claimOf(ledger, email);
  const [, batch, row] = /^\S+ \S+ ([^\s.]+)\.(\d+) /.exec(claim) ?? [];
  if (batch === undefined || !BATCH_ID.test(batch)) return undefined;
  const { outcome } = await readTexts(ledger, batch, Number(row));
  return decodeOutcome(outcome).portalId;
}

/** Names the other unfinished batch that claims each person (e-mail hash), or an empty text. */
export async function holdersOf(
  ledger: Ledger,
  batch: string,
  hashes: readonly string[],
): Promise<string[]> {
  const { keys } = ledger;
  const args = { batch, batches: keys.record('') };
  return runScript(ledger, readHolders, { keys, args, list: hashes });
}

/** Releases what the batch still claims of these people (e-mail hashes). */
export async function release(
  ledger: Ledger,
  batch: string,
  hashes: readonly string[],
): Promise<void> {
  await runScript(ledger, releaseClaims, { keys: ledger.keys, args: { batch }, list: hashes });
}
