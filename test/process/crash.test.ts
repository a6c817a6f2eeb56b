import { expect, test } from 'vitest';
import { endOnUncaught, lastWords, takeEnvironment } from '../../src/process/crash.ts';

const KEY = 'odd_key-without-a-prefix';

test('the environment is taken over, and the process is left without secrets', () => {
  const env = { DOCSPACE_API_KEY: KEY, REDIS_URL: 'redis://:pass@h', PATH: '/bin' };
  const process = { env: { ...env, DASHBOARD_PASSWORD: 'pw' } };
  expect(takeEnvironment(process)).toEqual({ ...env, DASHBOARD_PASSWORD: 'pw' });
  expect(process.env).toEqual({ PATH: '/bin' });
});

test.each([
  [new Error(`no\n  answer to ${KEY}`), 'no answer to [key]'],
  [new Error('row of ana.lee@example.com'), 'row of a***@example.com'],
  ['sk-0123456789abcdef', '[key]'],
  [new Error('x'.repeat(900)), 'x'.repeat(500)],
  [undefined, 'undefined'],
])('an unforeseen error is one line: %#', (error, said) => {
  const env = { DOCSPACE_API_KEY: KEY, REDIS_URL: '' };
  expect(lastWords(error, env)).toBe(`E_INTERNAL: ${said} (set LOG_LEVEL=debug for more)\n`);
});

test('an error that reaches nobody ends the process with one line', () => {
  const said: unknown[] = [];
  const listeners: ((error: unknown) => void)[] = [];
  endOnUncaught(
    {
      on: (_, listener) => listeners.push(listener),
      stderr: { write: (text) => said.push(text) },
      exit: (status) => said.push(status),
    },
    {},
  );
  const error = Object.assign(new Error('lost'), { command: { args: ['ana@example.com'] } });
  for (const listener of listeners) listener(error);
  expect(said).toEqual(['E_INTERNAL: lost (set LOG_LEVEL=debug for more)\n', 1]);
});
