import { createHash, randomInt } from 'node:crypto';
import type { Timings } from '../../timings.ts';
import { type Role, roleOf } from './roles.ts';
import type { Store } from './sessions.ts';
import { fieldsOf } from './stored.ts';

/** Letters and digits that nobody mistakes for one another (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 80 bits: within ten minutes nobody guesses one, and it can be typed. */
const LENGTH = 16;

/** Whom a code signs in. */
export interface Invited {
  name: string;
  role: Role;
}

/** Makes a code that signs somebody in once, within `signInCodeMs`. Redis has its SHA-256 alone. */
export async function makeCode(
  { redis, keys }: Store,
  invited: Invited,
  { signInCodeMs }: Pick<Timings, 'signInCodeMs'>,
): Promise<string> {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  const code = letters.join('').replace(/.{4}(?!$)/g, '$&-');
  await redis.set(keys.codes + digestOf(code), JSON.stringify(invited), 'PX', signInCodeMs);
  return code;
}

/** Takes a code away and returns whom it signs in; undefined for a wrong, old or used one. */
export async function takeCode(
  { redis, keys }: Store,
  given: string,
): Promise<Invited | undefined> {
  const text = await redis.getdel(keys.codes + digestOf(given));
  const { name, role } = fieldsOf(text);
  const known = roleOf(String(role));
  return known === undefined ? undefined : { name: String(name), role: known };
}

/** As people type it: in lower case, with or without hyphens, with O for 0 and L or I for 1. */
function digestOf(given: string): string {
  const plain = given.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
  const letters = plain.replace(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(letters).digest('hex');
}
