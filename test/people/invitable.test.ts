import { expect, test } from 'vitest';
import { isInvitable } from '../../src/people/invitable.ts';

const long = (length: number) => 'a'.repeat(length);

test.each([
  'ana@example.com',
  'Ana.Lee@Mail.Example.com',
  "o'neil+tag@example.com",
  'a_%/&=!#$*^{}~?@example.com',
  'a--b@example.com',
  'a@x--y.io',
  'a-b.c-d@my-firm.example',
  `${long(63)}.b@example.com`,
  `${long(31)}@${long(31)}.io`,
])('the invite takes %s', (email) => {
  expect(isInvitable(email)).toBe(true);
});

test.each([
  ['letters beyond ASCII before the @', 'josè@example.com'],
  ['the same, decomposed', 'jose\u0300@example.com'],
  ['an umlaut alone', 'ü@example.com'],
  ['an IDN domain', 'ana@exämple.com'],
  ['an encoded domain', 'ana@xn--exmple-cua.com'],
  ['an encoded name', 'xn--ana@example.com'],
  ['two hyphens as third and fourth character', 'ab--c@example.com'],
  ['the same in a label', 'ana@ab--c.com'],
  ['the same in a later atom', 'x.ab--c@example.com'],
  ['a hyphen at the begin', '-ana@example.com'],
  ['a hyphen at the end', 'ana-@example.com'],
  ['a hyphen before a dot', 'ana-.lee@example.com'],
  ['a hyphen after a dot', 'ana.-lee@example.com'],
  ['a label that begins with a hyphen', 'ana@-example.com'],
  ['a label that ends with a hyphen', 'ana@example-.com'],
  ['a domain of one label', 'ana@localhost'],
  ['a top level with a digit', 'ana@example.c0m'],
  ['a top level of one letter', 'ana@example.c'],
  ['an atom over 63', `${long(64)}.b@example.com`],
  ['a label over 63', `a@b.${long(64)}.com`],
  ['last atom and first label over 63 together', `${long(31)}@${long(32)}.io`],
  ['a doubled dot', 'ana..lee@example.com'],
  ['a quoted name', '"ana"@example.com'],
])('the invite refuses %s', (_, email) => {
  expect(isInvitable(email)).toBe(false);
});
