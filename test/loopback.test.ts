import { expect, it } from 'vitest';
import { isLoopback } from '../src/loopback.ts';

it.each([
  'localhost',
  'LOCALHOST',
  'board.localhost',
  '127.0.0.1',
  '127.1.2.3',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
])('takes %s for this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each([
  '',
  '0.0.0.0',
  '::',
  '10.0.0.1',
  'localhost.example.org',
  '127.0.0.1.example.org',
  'notlocalhost',
  '1127.0.0.1',
  '127.example',
  '::ffff:10.0.0.1',
  '2001:db8::1',
])('does not take %j for this machine', (host) => {
  expect(isLoopback(host)).toBe(false);
});
