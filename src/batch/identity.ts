import { createHash } from 'node:crypto';
import { type AccountType, typesBeside } from '../people/account-types.ts';

/** Everything that decides what a batch does; equal values make the same batch. */
export interface Identity {
  /** SHA-256 of the files' contents. */
  content: string;
  type: AccountType;
  /** Types that rows may name besides `type`. */
  allowedTypes?: readonly AccountType[] | undefined;
  inviteType: AccountType;
  culture: string | undefined;
  /** Origin of the portal: the same list for another portal is another batch. */
  portal: string;
}

/** SHA-256 of the identity, as hex. */
export function submissionDigest(identity: Identity): string {
  const { content, type, allowedTypes, inviteType, culture, portal } = identity;
  const others = typesBeside(type, allowedTypes);
  const parts = JSON.stringify([content, type, inviteType, culture ?? null, portal, ...others]);
  return createHash('sha256').update(parts).digest('hex');
}

/** The default batch id: 48 bits of the digest, with a letter in front as BullMQ's ids need. */
export function batchIdOf(digest: string): string {
  return `b${digest.slice(0, 12)}`;
}
