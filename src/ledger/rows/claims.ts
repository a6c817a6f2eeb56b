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

/**
 * Id of the account of the row that had this person before; undefined without such a row, or when
 * its batch no longer exists. Whatever its age, the account was there before the present batch.
 */
export async function accountBefore(ledger: Ledger, email: string): Promise<string | undefined> {
  const { keys, redis } = ledger;
  const hash = emailHash(email);
  const claim = await redis.hget(keys.claims + hash.slice(0, 3), hash.slice(3));
  const [, batch, row] = /^\S+ \S+ ([^\s.]+)\.(\d+) /.exec(claim ?? '') ?? [];
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
