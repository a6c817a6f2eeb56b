import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { consoleRoles } from '../../src/config/console-forms.ts';
import { may } from '../../src/console/auth/roles.ts';
import { openPlace } from '../support/place.ts';

function load(env: Record<string, string>) {
  return loadConfig({ env, readFile: () => '', needs: ['console'] }).console;
}

/** Faults of a configuration, in its own words. */
function faultsOf(env: Record<string, string>): string {
  try {
    load(env);
    return '';
  } catch (error) {
    return String(error);
  }
}

const OPEN = { CONSOLE_HOST: '0.0.0.0' };
const SECRET = 'sixteen-characters';
const PROXY = {
  CONSOLE_AUTH: 'proxy',
  CONSOLE_PROXY_USER_HEADER: 'X-Forwarded-User',
  CONSOLE_PROXY_GROUPS_HEADER: 'X-Forwarded-Groups',
  CONSOLE_PROXY_ADDRESSES: '10.0.0.5',
  CONSOLE_ROLES: 'hr=operator,it=admin,*=viewer',
};

test('a console without any setting serves this machine alone, by a link', () => {
  expect(load({})).toMatchObject({ host: '127.0.0.1', port: 3000, auth: 'link', url: undefined });
});

test('a console that others could reach without signing in does not start', () => {
  expect(faultsOf(OPEN)).toMatch(/CONSOLE_HOST opens the console .* users or proxy/);
  expect(faultsOf({ CONSOLE_HOST: '::' })).toContain('CONSOLE_HOST');
  expect(faultsOf({ CONSOLE_HOST: '::1' })).toBe('');
});

test('all that is missing for others is named at once', () => {
  const users = faultsOf({ ...OPEN, CONSOLE_AUTH: 'users' });
  for (const name of ['CONSOLE_URL', 'CONSOLE_USERS_FILE']) expect(users).toContain(name);
  const proxy = faultsOf({ ...OPEN, CONSOLE_AUTH: 'proxy' });
  expect(proxy).toContain('4 faults');
  const named = ['CONSOLE_URL', 'PROXY_USER_HEADER', 'PROXY_ADDRESSES', 'CONSOLE_ROLES'];
  for (const name of named) expect(proxy).toContain(name);
});

test.each(['10.0.0.5,127.0.0.1', '127.0.0.2/31', '::1', '0.0.0.0/0', '::/0', '::ffff:127.0.0.1'])(
  'a proxy at %s, where every local user can send the header, needs a secret',
  (addresses) => {
    const env = { ...PROXY, CONSOLE_PROXY_ADDRESSES: addresses };
    expect(faultsOf(env)).toMatch(/CONSOLE_PROXY_SECRET is missing: .*whose every user can send/);
    expect(faultsOf({ ...env, CONSOLE_PROXY_SECRET: SECRET })).toBe('');
  },
);

test('a proxy elsewhere needs no secret, and one that can be guessed is refused without repeating it', () => {
  expect(faultsOf(PROXY)).toBe('');
  const guessed = faultsOf({ ...PROXY, CONSOLE_PROXY_SECRET: 'short' });
  expect(guessed).toContain('CONSOLE_PROXY_SECRET must have at least 16 characters');
  expect(guessed).not.toContain('short');
  const { proxy } = load({ ...PROXY, CONSOLE_PROXY_SECRET: SECRET });
  expect(JSON.stringify(proxy)).not.toContain(SECRET);
  expect(proxy.secret()).toBe(SECRET);
});

test('roles of groups without the header that has the groups are a fault', () => {
  const { CONSOLE_PROXY_GROUPS_HEADER: _, ...env } = PROXY;
  expect(faultsOf(env)).toContain('CONSOLE_PROXY_GROUPS_HEADER is missing');
  expect(faultsOf({ ...env, CONSOLE_ROLES: '*=viewer' })).toBe('');
});

test('addresses of proxies may be networks, also as IPv6 writes IPv4', () => {
  const { addresses } = load({ ...PROXY, CONSOLE_PROXY_ADDRESSES: '10.1.0.0/16, fd00::/8' }).proxy;
  const asked = ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::7', '10.2.0.1', '::1', 'unknown'];
  expect(asked.map((address) => addresses?.has(address))).toEqual([
    ...[true, true, true],
    ...[false, false, false],
  ]);
});

test.each([
  ['CONSOLE_AUTH', 'basic', 'must be one of link, users, proxy'],
  ['CONSOLE_PROXY_ADDRESSES', 'proxy.example.com', 'must have addresses or networks'],
  ['CONSOLE_PROXY_ADDRESSES', '10.0.0.0/33', 'must have addresses or networks'],
  ['CONSOLE_PROXY_USER_HEADER', 'X User', 'must be the name of a header'],
  ['CONSOLE_ROLES', 'hr=boss', 'must have groups with the role'],
  ['CONSOLE_ROLES', '=admin', 'must have groups with the role'],
  ['CONSOLE_URL', 'http://console.example.com', 'must be https://'],
  ['CONSOLE_URL', 'https://console.example.com/onboard', 'must be https://'],
  ['CONSOLE_URL', 'https://ana:pw@console.example.com', 'must be https://'],
  ['CONSOLE_LABEL', 'x'.repeat(41), 'must have at most 40 characters'],
  ['CONSOLE_LABEL', 'pro\u202educt', 'must have at most 40 characters, and no control'],
])('%s cannot be %j', (name, value, message) => {
  expect(faultsOf({ [name]: value })).toContain(`${name} ${message}`);
});

test('the address of the console is for those who can be elsewhere', () => {
  const env = { ...PROXY, CONSOLE_URL: 'https://console.example.com/' };
  expect(load(env).url?.origin).toBe('https://console.example.com');
  expect(faultsOf({ CONSOLE_URL: 'https://console.example.com' })).toContain(
    'CONSOLE_URL is for CONSOLE_AUTH users or proxy',
  );
});

test.each([
  [0o600, ''],
  [0o640, 'CONSOLE_USERS_FILE is open to other users: run chmod 600 on it'],
  [0o604, 'CONSOLE_USERS_FILE is open to other users: run chmod 600 on it'],
])('a users file of mode %o is judged before anything connects', (mode, fault) => {
  const place = openPlace();
  const path = join(place.dir, place.write('users', 'ana:admin:…'));
  chmodSync(path, mode);
  const said = faultsOf({ CONSOLE_AUTH: 'users', CONSOLE_USERS_FILE: path });
  expect(said).toContain(fault);
  expect(said === '').toBe(fault === '');
});

test('a users file that is absent or a folder is a fault that names it', () => {
  const { dir } = openPlace();
  const env = { CONSOLE_AUTH: 'users' };
  expect(faultsOf({ ...env, CONSOLE_USERS_FILE: join(dir, 'none') })).toContain('does not exist');
  expect(faultsOf({ ...env, CONSOLE_USERS_FILE: dir })).toContain('is not a file');
});

test('roles of the configuration are those of the console, in the same order', () => {
  const table = consoleRoles.map((role) => [
    may(role, 'read'),
    may(role, 'change'),
    may(role, 'purge'),
  ]);
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});
