import { describe, expect, it } from 'vitest';
import { readTarget } from '../../src/redis/connection/target.ts';

const host = (name: string, port: number) => ({ host: name, port });

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
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: { rejectUnauthorized: true } }, 'h:6379'],
  ])('reads %s', (url, options, label) => {
    expect(readTarget({ url })).toEqual({ options, label });
  });

  it.each([
    [
      'redis+sentinel://a:1,b/people',
      { sentinels: [host('a', 1), host('b', 26_379)], name: 'people', db: 0 },
      'people of a:1,b:26379',
    ],
    [
      'redis+sentinel://us%40er:p%2F%3A%25@[::1]:5/my-master/3?sentinelPassword=s%26t',
      {
        sentinels: [host('::1', 5)],
        name: 'my-master',
        db: 3,
        username: 'us@er',
        password: 'p/:%',
        sentinelPassword: 's&t',
      },
      'my-master of [::1]:5',
    ],
    [
      'rediss+sentinel://a/m',
      {
        sentinels: [host('a', 26_379)],
        name: 'm',
        db: 0,
        tls: { rejectUnauthorized: true },
        sentinelTLS: { rejectUnauthorized: true },
        enableTLSForSentinelMode: true,
      },
      'm of a:26379',
    ],
  ])('reads the sentinels %s', (url, options, label) => {
    expect(readTarget({ url })).toEqual({ options, label });
  });

  it('takes a socket as it is', () => {
    expect(readTarget({ socketPath: '/run/r.sock' })).toEqual({
      options: { path: '/run/r.sock' },
      label: '/run/r.sock',
    });
  });

  it.each([
    'http://secret@h',
    'secret',
    'redis://:secret%zz@h:1',
    'redis://:secret@h:1/people',
    'redis+sentinel://:secret@h:1',
    'redis+sentinel://:secret@h:x/people',
    'redis+sentinel://:secret@h/people/main',
    'redis+sentinel://h/people?password=secret',
  ])('refuses %s without repeating it', (url) => {
    expect(() => readTarget({ url })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        message: expect.not.stringContaining('secret'),
      }),
    );
  });
});
