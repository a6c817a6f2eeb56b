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
 * Id of the account that the row which had this person before found or made; undefined when nobody
 * had the person, or when that batch no longer exists. Whatever its age, such an account was there
 * before the batch that has the person now.
 */
export async function accountBefore(ledger: Ledger, email: string): Promise<string | undefined> {
  const { keys, redis } = ledger;
  const hash = emailHash(email);
  const claim = await redis.hget(keys.claims + hash.slice(0, 3), hash.slice(3));
  const [, batch, row] = /^\S+ \S+ ([^\s.]+)\.(\d+) /.exec(claim ?? '') ?? [];
  if (batch === undefined) return undefined;
  const { outcome } = await readTexts(ledger, batch, Number(row));
  return decodeOutcome(outcome).portalId;
}

/**
 * For each of these people (e-mail hashes) the unfinished batch, other than this one, that has
 * claimed them, or an empty text: what recording the rows would find, without writing.
 */
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
