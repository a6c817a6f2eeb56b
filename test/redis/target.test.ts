import { describe, expect, it } from 'vitest';
import { readTarget } from '../../src/redis/target.ts';

describe('readTarget', () => {
  it.each([
    ['redis://example.org', { host: 'example.org', port: 6379, db: 0 }, 'example.org:6379'],
    ['redis://127.0.0.1:6380/2', { host: '127.0.0.1', port: 6380, db: 2 }, '127.0.0.1:6380'],
    ['redis://[::1]:6380/', { host: '::1', port: 6380, db: 0 }, '[::1]:6380'],
    [
      'redis://us%40er:p%2F%3A%25@h:1/15',
      { host: 'h', port: 1, db: 15, username: 'us@er', password: 'p/:%' },
      'h:1',
    ],
    ['redis://:secret@h:1', { host: 'h', port: 1, db: 0, password: 'secret' }, 'h:1'],
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: {} }, 'h:6379'],
  ])('reads %s', (url, options, label) => {
    expect(readTarget({ url })).toEqual({ options, label });
  });

  it('takes a socket as it is', () => {
    expect(readTarget({ socketPath: '/run/r.sock' })).toEqual({
      options: { path: '/run/r.sock' },
      label: '/run/r.sock',
    });
  });

  it.each(['http://secret@h', 'secret', 'redis://:secret%zz@h:1', 'redis://:secret@h:1/people'])(
    'refuses %s without repeating it',
    (url) => {
      expect(() => readTarget({ url })).toThrow(
        expect.objectContaining({
          code: 'E_CONFIG',
          message: expect.not.stringContaining('secret'),
        }),
      );
    },
  );
});
