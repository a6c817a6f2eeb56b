import { hostname, userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { acceptedName, actorText, readActor } from '../../src/process/actor.ts';

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

test.each([
  ['ana', 'ana'],
  ['helpdesk-operator7', 'helpdesk-operator7'],
  ['Ana Lee <img src=x>', 'Ana Lee <img src=x>'],
  ['ana\nroot', 'ana\ufffdroot'],
  ['\ue000\u202eana', '\ufffd\ufffdana'],
  [`sk-${'5e'.repeat(32)}`, '***'],
  ['é'.repeat(300), 'é'.repeat(100)],
  ['😀'.repeat(300), '😀'.repeat(100)],
  ['', 'unknown'],
])('the name %j of a sign-in is one that ONBOARD_ACTOR takes, as %j', (given, accepted) => {
  expect(acceptedName(given)).toBe(accepted);
  const env = { ONBOARD_ACTOR: acceptedName(given) };
  const { actor } = loadConfig({ env, readFile: () => '', needs: [] });
  expect(actor).toBe(accepted);
});
