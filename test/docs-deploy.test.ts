import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config/config.ts';
import { createAuthentication } from '../src/console/auth/create-authentication.ts';
import { cheapHash, signInParts } from './console/auth/auth-case.ts';
import { consoleOn } from './console/console-case.ts';
import { textOf } from './console/console-text.ts';
import { silent } from './support/batches.ts';
import { read } from './support/documents.ts';
import { openStage } from './support/stage.ts';

const deploy = read('docs/deploy.md');
const PASSWORD = 'a password of the test';

/** The blocks of one language, in the order of the page. */
function blocks(language: string): string[] {
  const found = deploy.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...found].map(([, text = '']) => text);
}

/** Variables of a block that has nothing else. */
const environments = blocks('sh')
  .filter((text) => /^CONSOLE_/.test(text))
  .map((text) =>
    Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, ...pair]) => pair)),
  );

/** Headers that nginx sends to the console, in place of those of the browser. */
function sentBy(nginx: string, values: Readonly<Record<string, string>>): [string, string][] {
  const [, location = ''] = /^ {4}location \/ \{\n([\s\S]*?)^ {4}\}/m.exec(nginx) ?? [];
  const set = location.matchAll(/proxy_set_header (\S+) "?([^";]*)"?;/g);
  return [...set].map(([, name = '', value = '']) => [
    name,
    value.replace(/\$(\w+)/g, (variable) => values[variable] ?? variable),
  ]);
}

const VALUES = {
  $http_host: 'console.example.com',
  $proxy_add_x_forwarded_for: '203.0.113.7',
  $auth_user: 'ana',
  $auth_groups: 'sales,hr',
};

/** A console with one of the configurations, and a browser in front of its nginx. */
async function deployed(which: 0 | 1) {
  const stage = await openStage();
  const users = stage.write('users', `ana:admin:${cheapHash(PASSWORD)}\n`);
  const given = environments[which] ?? {};
  const env = {
    ...given,
    ...('CONSOLE_USERS_FILE' in given && { CONSOLE_USERS_FILE: join(stage.dir, users) }),
  };
  const settings = loadConfig({ env, readFile: () => '', needs: ['console'] }).console;
  const { frame, note, timings } = signInParts(stage, () => 1_000_000).parts;
  const parts = { frame, store: stage.ledger, note, logger: silent, timings };
  const { app } = consoleOn(stage, 'viewer', createAuthentication(settings, parts));
  const incoming = { socket: { remoteAddress: '127.0.0.1' } };
  const browse = (path: string, init: RequestInit = {}, values = VALUES) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of sentBy(blocks('nginx')[which] ?? '', values)) {
      if (value === '') headers.delete(name);
      else headers.set(name, value);
    }
    return app.request(path, { ...init, headers }, { incoming });
  };
  return { app, browse, incoming };
}

test('each configuration of deploy.md is one that the console starts with', () => {
  expect(environments.map(({ CONSOLE_AUTH }) => CONSOLE_AUTH)).toEqual(['users', 'proxy']);
  expect(blocks('nginx')).toHaveLength(2);
});

test('behind the nginx of deploy.md people sign in with a password', async () => {
  const { browse } = await deployed(0);
  const signedIn = await browse('/sign-in', {
    method: 'POST',
    headers: { origin: 'https://console.example.com' },
    body: new URLSearchParams({ name: 'ana', password: PASSWORD }),
  });
  expect(signedIn.headers.get('set-cookie')).toMatch(/^__Host-.*; Secure/);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(textOf(await (await browse('/', { headers: { cookie } })).text())).toContain(
    'ana · admin',
  );
});

test('behind the nginx of deploy.md guesses from one address do not keep others out', async () => {
  const { browse } = await deployed(0);
  const guess = async (address: string) => {
    const init = {
      method: 'POST',
      headers: { origin: 'https://console.example.com' },
      body: new URLSearchParams({ name: `nobody at ${Math.random()}`, password: 'wrong' }),
    };
    return (await browse('/sign-in', init, { ...VALUES, $proxy_add_x_forwarded_for: address }))
      .status;
  };
  const guesses = [];
  for (let count = 0; count < 22; count += 1) guesses.push(await guess('198.51.100.1'));
  expect(guesses.at(-1)).toBe(429);
  expect(await guess('203.0.113.7')).toBe(401);
});

test('behind the oauth2-proxy of deploy.md people have the role of their groups, whatever a browser sends', async () => {
  const { app, browse, incoming } = await deployed(1);
  const forged = { 'x-forwarded-user': 'boss', 'x-forwarded-groups': 'it' };
  const page = await browse('/', { headers: forged });
  expect(textOf(await page.text())).toContain('ana · operator');
  const past = { host: 'console.example.com', ...forged };
  expect((await app.request('/', { headers: past }, { incoming })).status).toBe(403);
});
