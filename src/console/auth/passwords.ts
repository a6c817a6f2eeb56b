import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Name of a user: the file separates its fields by colons. */
export const USER_NAME = /^(?!\s)[^:\p{C}]{1,100}(?<!\s)$/u;

/** A password as the users file has it. */
export interface Hashed {
  n: number;
  r: number;
  p: number;
  salt: Buffer;
  hash: Buffer;
}

/** 32 MiB and about 0.2 s for each guess, one of the settings that OWASP recommends. */
const COST = { n: 32_768, r: 8, p: 3 };

/** Memory that a line of the file may ask for; scrypt needs 128 * N * r bytes. */
const MOST_MEMORY = 134_217_728;

/** Sign-ins that wait for their password to be checked; each check takes 0.2 s. */
const MOST_WAITING = 20;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** Hashes a password, as `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await deriveFrom(password, { ...COST, salt, hash: Buffer.alloc(32) });
  const { n, r, p } = COST;
  return ['scrypt', n, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Reads what `hashPassword` made; undefined for any other text, and for one that costs too much. */
export function hashedIn(text: string): Hashed | undefined {
  const form = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{11,86})\$([\w-]{22,86})$/;
  const [, n, r, p, salt = '', hash = ''] = form.exec(text) ?? [];
  const hashed = {
    n: Number(n),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
  const isPower = Number.isInteger(Math.log2(hashed.n)) && hashed.n >= 1024;
  const isSafe =
    isPower && hashed.r > 0 && hashed.p > 0 && 128 * hashed.n * hashed.r <= MOST_MEMORY;
  return isSafe ? hashed : undefined;
}

/** Whether a password is the one that was hashed; takes the same time for every password. */
export async function isPassword(password: string, hashed: Hashed): Promise<boolean> {
  return timingSafeEqual(await deriveFrom(password, hashed), hashed.hash);
}

/** Normalizes: keyboards type `é` as one character or as two. */
function deriveFrom(password: string, { n, r, p, salt, hash }: Hashed): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 2 * MOST_MEMORY };
  return derive(password.normalize('NFC'), salt, hash.length, options);
}

/** Costs of the passwords that are checked for names that nobody has. */
export const NO_PASSWORD: Hashed = { ...COST, salt: Buffer.alloc(16), hash: Buffer.alloc(32) };

/**
 * Checks passwords one after another, so that many sign-ins take the memory of one. Undefined, and
 * nothing checked, where too many wait.
 */
export function createChecker() {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (password: string, hashed: Hashed): Promise<boolean | undefined> => {
    if (waiting >= MOST_WAITING) return undefined;
    waiting += 1;
    const checked = last.then(() => isPassword(password, hashed));
    last = checked.catch(() => undefined);
    return checked.finally(() => {
      waiting -= 1;
    });
  };
}
