import { expect, it } from 'vitest';
import { isLoopbackHost } from '../../src/dashboard/loopback.ts';

it.each(['localhost', 'LOCALHOST', 'board.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])(
  'takes %s for this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

it.each([
  '',
  '0.0.0.0',
  '::',
  '10.0.0.1',
  'localhost.example.org',
  '127.0.0.1.example.org',
  'notlocalhost',
  '1127.0.0.1',
])('does not take %j for this machine', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
