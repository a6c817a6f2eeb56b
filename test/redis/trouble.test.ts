import { expect, test } from 'vitest';
import { answerOf, refusalOf, storeTrouble } from '../../src/redis/trouble.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

test.each([
  "OOM command not allowed when used memory > 'maxmemory'.",
  "OOM command not allowed when used memory > 'maxmemory'. script: 5ab4, on @user_script:589.",
  'MISCONF Errors writing to the AOF file: No space left on device',
  "READONLY You can't write against a read only replica.",
  'LOADING Redis is loading the dataset in memory',
  'NOREPLICAS Not enough good replicas to write.',
  'BUSY Redis is busy running a script.',
  "NOPERM this user has no permissions to run the 'set' command",
  "ERR The user executing the script can't run this command or subcommand script: caee, on @user_script:1.",
  'NOAUTH Authentication required.',
  'WRONGPASS invalid username-password pair or user is disabled.',
  'MOVED 3999 127.0.0.1:6381',
  "CROSSSLOT Keys in request don't hash to the same slot",
  'DENIED Redis is running in protected mode',
  'EXECABORT Transaction discarded because of previous errors.',
  'ERR max number of clients reached',
  'ERR max requests limit exceeded. Limit: 500000, Usage: 500000.',
  'ERR DB capacity quota exceeded',
  "ERR unknown command 'BZPOPMIN', with args beginning with: 'x'",
  'SOMETHINGNEW that no list has',
  // Redis 6.2, from inside a script.
  'ERR Error running script (call to f_5ab4): @user_script:23: @user_script: 23: -OOM command not allowed',
])('a Redis that answers %s refuses', (message) => {
  expect(storeTrouble(reply(message))).toBe('refuses');
});

test.each([
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
  'Command timed out',
  "Socket timeout. Expecting data, but didn't receive any in 5000ms.",
  'All sentinels are unreachable and retry is disabled.',
])('a client that says %s has lost Redis', (message) => {
  expect(storeTrouble(new Error(message))).toBe('lost');
});

test('a connection that the system refused, or that was retried in vain, is lost', () => {
  expect(storeTrouble(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('lost');
  const inVain = Object.assign(new Error('1'), { name: 'MaxRetriesPerRequestError' });
  expect(storeTrouble(inVain)).toBe('lost');
});

test.each([
  reply('ERR wrong number of arguments'),
  reply('ERR value is not an integer or out of range script: 5ab4, on @user_script:3.'),
  reply('ERR hash value is not an integer'),
  reply('ERR user_script:3: Script attempted to access nonexistent global variable x'),
  reply('ERR Error compiling script (new function): user_script:1: unexpected symbol'),
  reply('ERR syntax error'),
  reply('ERR bit offset is not an integer or out of range'),
  reply('ERR user_script:1: attempt to index a nil value'),
  reply('NOSCRIPT No matching script. Please use EVAL.'),
  reply('BUSYGROUP Consumer Group name already exists'),
  reply('WRONGTYPE Operation against a key that holds the word OOM'),
  new Error('OOM but not from Redis'),
  'OOM',
  undefined,
])('%s is no trouble of Redis', (thrown) => {
  expect(storeTrouble(thrown)).toBeUndefined();
});

test('a transaction that is refused has the reason of its first command', () => {
  const oom = reply("OOM command not allowed when used memory > 'maxmemory'.");
  const whole = reply('EXECABORT Transaction discarded because of previous errors.');
  expect(refusalOf(whole)).toBe('EXECABORT');
  const refused = Object.assign(whole, { previousErrors: [oom, reply('ERR other')] });
  expect(refusalOf(refused)).toBe('OOM');
  expect(answerOf(refused)).toContain('maxmemory');
});
