import { expect, test } from 'vitest';
import { explainLost } from '../../src/redis/lost.ts';

test.each([
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
  'Command timed out',
])('a lost connection (%s) becomes one error that says what to do', (message) => {
  expect(explainLost(new Error(message))).toMatchObject({
    code: 'E_REDIS_UNREACHABLE',
    message: expect.stringContaining('run the same command'),
  });
});

test('a refused connection is a lost one', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(explainLost(refused)).toMatchObject({ code: 'E_REDIS_UNREACHABLE' });
});

test('any other error stays as it is', () => {
  const other = new Error('ERR wrong type');
  expect(explainLost(other)).toBe(other);
  expect(explainLost('text')).toBe('text');
});
