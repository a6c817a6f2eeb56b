import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  hashedIn,
  hashPassword,
  isPassword,
  USER_NAME,
} from '../../../src/console/auth/passwords.ts';

test('a password opens the line that was made of it, also as another keyboard writes it', async () => {
  const line = await hashPassword('caf\u00e9 au lait, twice');
  expect(line).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(line).not.toBe(await hashPassword('caf\u00e9 au lait, twice'));
  const hashed = hashedIn(line);
  if (hashed === undefined) throw new Error(line);
  expect(await isPassword('cafe\u0301 au lait, twice', hashed)).toBe(true);
  expect(await isPassword('cafe au lait, twice', hashed)).toBe(false);
});

test('a line that another program made with other costs is read', async () => {
  const salt = Buffer.from('salt of another');
  const hash = scryptSync('a password', salt, 64, { N: 16_384, r: 8, p: 1 });
  const line = `scrypt$16384$8$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
  const hashed = hashedIn(line);
  expect(hashed && (await isPassword('a password', hashed))).toBe(true);
});

test.each([
  '',
  'a password in the clear',
  `scrypt$1000$8$1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
  `scrypt$1048576$8$1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
  `scrypt$32768$0$1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
  `scrypt$32768$8$1$$${'b'.repeat(43)}`,
  `scrypt$32768$8$1$${'a'.repeat(22)}$b`,
])('%j is no password of the file: it is incomplete, weak or would take the memory', (text) => {
  expect(hashedIn(text)).toBeUndefined();
});

test('names have neither the separator of the file nor what a page cannot show', () => {
  const names = [
    'ana',
    'Ana Lee',
    '安娜',
    'a:b',
    '',
    ' ana',
    'ana ',
    'a\nb',
    'a\u202eb',
    'x'.repeat(101),
  ];
  expect(names.filter((name) => USER_NAME.test(name))).toEqual(['ana', 'Ana Lee', '安娜']);
});
