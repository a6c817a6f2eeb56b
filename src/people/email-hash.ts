import { createHash } from 'node:crypto';
import { emailIdentity } from './person.ts';

const HASH_LENGTH = 22;

/** A short name for an e-mail's identity: 132 bits of SHA-256, of one length for every address. */
export function emailHash(email: string): string {
  const digest = createHash('sha256').update(emailIdentity(email)).digest('base64url');
  return digest.slice(0, HASH_LENGTH);
}
