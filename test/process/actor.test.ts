import { hostname, userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { actorText, readActor } from '../../src/process/actor.ts';

test('an actor is this process, with the name that it was given', () => {
  const { username: user } = userInfo();
  const here = { user, host: hostname(), pid: process.pid };
  expect(readActor({})).toEqual(here);
  expect(readActor({ name: 'release 7', sudoUser: 'ana' })).toEqual({
    name: 'release 7',
    sudoUser: 'ana',
    ...here,
  });
});

test('what the environment says cannot write on a terminal', () => {
  expect(readActor({ sudoUser: 'a\u001b[2Jb' }).sudoUser).toBe('a\\u001b[2Jb');
});

test.each([
  [{}, 'root on h1'],
  [{ sudoUser: 'ana' }, 'ana (root) on h1'],
  [{ sudoUser: 'ana', name: 'release 7' }, 'release 7 (root) on h1'],
  [{ name: 'ana', via: 'console', role: 'operator' }, 'ana via console (operator) on h1'],
  [{ via: 'console' }, 'root via console on h1'],
])('%j is shown as %s', (told, text) => {
  expect(actorText({ user: 'root', host: 'h1', pid: 7, ...told })).toBe(text);
});
