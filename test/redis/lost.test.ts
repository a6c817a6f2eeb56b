import { expect, test } from 'vitest';
import { explainLost } from '../../src/redis/connection/lost.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

test('a lost connection becomes one error that says what to do', () => {
  expect(explainLost(new Error('Connection is closed.'))).toMatchObject({
    code: 'E_REDIS_UNREACHABLE',
    message: expect.stringContaining('run the same command'),
  });
});

test.each([
  ['OOM command not allowed', 'maxmemory'],
  ['MISCONF Errors writing to the AOF file', 'free space on its disk'],
  ["READONLY You can't write against a read only replica", 'replica'],
  ["NOPERM this user has no permissions to run the 'set' command", 'docs/configuration.md'],
  ['NOAUTH Authentication required.', 'user and password in REDIS_URL'],
  ['WRONGPASS invalid username-password pair', 'user and password in REDIS_URL'],
  ['MOVED 3999 127.0.0.1:6381', 'without cluster mode'],
  ["CROSSSLOT Keys in request don't hash to the same slot", 'without cluster mode'],
  ['ERR max number of clients reached', 'maxclients'],
  ['ERR max requests limit exceeded. Limit: 500000', 'provider'],
  ['ERR a quota of somebody', 'it answered "a quota of somebody"'],
  ['LOADING Redis is loading the dataset', 'wait until it recovers'],
])('a Redis that refuses (%s) becomes one error with the remedy', (message, remedy) => {
  expect(explainLost(reply(message))).toMatchObject({
    code: 'E_REDIS_REFUSES',
    message: expect.stringContaining(remedy),
    details: { refusal: message.split(' ')[0] },
  });
});

test('any other error stays as it is', () => {
  const other = reply('ERR wrong type');
  expect(explainLost(other)).toBe(other);
  expect(explainLost('text')).toBe('text');
});
