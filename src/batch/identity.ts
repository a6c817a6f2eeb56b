import { createHash } from 'node:crypto';
import { type AccountType, typesBeside } from '../people/account-types.ts';
import type { GroupMode } from '../people/groups.ts';

interface OfGroups {
  groups?: GroupMode | undefined;
  group?: readonly string[] | undefined;
  joinExisting?: boolean | undefined;
}

/** Everything that decides what a batch does; equal values make the same batch. */
export interface Identity {
  /** SHA-256 of the files' contents. */
  content: string;
  type: AccountType;
  /** Types that rows may name besides `type`. */
  allowedTypes?: readonly AccountType[] | undefined;
  inviteType: AccountType;
  culture: string | undefined;
  /** How names of groups are read; the usual way is no part of the identity. */
  ofGroups?: OfGroups | undefined;
  /** Origin of the portal: the same list for another portal is another batch. */
  portal: string;
}

/** SHA-256 of the identity, as hex. */
export function submissionDigest(identity: Identity): string {
  const { content, type, allowedTypes, inviteType, culture, portal, ofGroups = {} } = identity;
  const others = [...typesBeside(type, allowedTypes), ...partsOf(ofGroups)];
  const parts = JSON.stringify([content, type, inviteType, culture ?? null, portal, ...others]);
  return createHash('sha256').update(parts).digest('hex');
}

/** Nothing for the usual way, so that lists without groups keep their ids. */
function partsOf({ groups = 'existing', group = [], joinExisting = false }: OfGroups): unknown[] {
  const isUsual = groups === 'existing' && group.length === 0 && !joinExisting;
  return isUsual ? [] : [{ groups, group, joinExisting }];
}

/** The default batch id: 48 bits of the digest, with a letter in front as BullMQ's ids need. */
export function batchIdOf(digest: string): string {
  return `b${digest.slice(0, 12)}`;
}
