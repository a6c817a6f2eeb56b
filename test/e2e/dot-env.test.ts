import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlace, type Place } from '../support/place.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';

const KEY = `sk-${'a1'.repeat(32)}`;
const NOBODY = 65_534;

/** A portal of an attacker, which keeps the keys that it gets. */
async function foreignPortal(): Promise<{ url: string; keys: unknown[] }> {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onRelease(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, keys };
}

/** Gives a file to another user, or (without root) opens it to them. */
function giveAway(place: Place, name: string): void {
  if (process.getuid?.() === 0) chownSync(join(place.dir, name), NOBODY, NOBODY);
  else chmodSync(join(place.dir, name), 0o666);
}

test.each(['check', 'worker', 'status'])(
  'a .env does not lead the key of the environment to another address (%s)',
  async (line) => {
    const { url, keys } = await foreignPortal();
    const place = openPlace({ DOCSPACE_API_KEY: KEY });
    place.write('.env', `DOCSPACE_URL=${url}\n`);
    const running = place.start([line]);
    const { code, stderr } = await running.ended;
    expect(keys).toEqual([]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^E_CONFIG: /)]);
    for (const name of ['DOCSPACE_API_KEY', 'DOCSPACE_URL', '.env']) expect(stderr).toContain(name);
    expect(stderr).not.toContain(KEY);
  },
);

test('nor the key of a file that the environment names', async () => {
  const { url, keys } = await foreignPortal();
  const place = openPlace({ DOCSPACE_API_KEY_FILE: 'key' });
  place.write('key', KEY);
  place.write('.env', `DOCSPACE_URL=${url}\n`);
  const { code, stderr } = await place.run(['check']);
  expect(keys).toEqual([]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/DOCSPACE_API_KEY_FILE.*DOCSPACE_URL/)]);
});

test('nor what the notification secret of the environment signs', async () => {
  const place = openPlace({ ONBOARD_NOTIFY_SECRET: 'a-secret-of-the-environment' });
  place.write('.env', 'ONBOARD_NOTIFY_URL=https://elsewhere.example.com/hook\n');
  const { code, stderr } = await place.run(['status']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^E_CONFIG: .*ONBOARD_NOTIFY_SECRET.*ONBOARD_NOTIFY_URL.*\.env/),
  ]);
});

test.each([
  ['the environment has both', { DOCSPACE_API_KEY: KEY, DOCSPACE_URL: 'http://127.0.0.1:1' }, ''],
  ['.env has both', {}, `DOCSPACE_API_KEY=${KEY}\nDOCSPACE_URL=http://127.0.0.1:1\n`],
  ['.env has the key', { DOCSPACE_URL: 'http://127.0.0.1:1' }, `DOCSPACE_API_KEY=${KEY}\n`],
])('a key may go where %s', async (_, env, dotEnv) => {
  const place = openPlace(env);
  place.write('.env', dotEnv);
  expect((await place.run(['check'])).stderr).not.toContain('E_CONFIG');
});

test('a .env of another user is ignored, and a warning says so', async () => {
  const place = openPlace();
  place.write('.env', 'ONBOARD_ATTEMPTS=nonsense\n');
  giveAway(place, '.env');
  const { stderr } = await place.run(['status']);
  expect(stderr).toMatch(/^warning: \.env is ignored, because .*\n$/);
});

test.each([0o620, 0o602])('a .env of mode %o is ignored, and a warning says so', async (mode) => {
  const place = openPlace();
  place.write('.env', 'ONBOARD_ATTEMPTS=nonsense\n');
  chmodSync(join(place.dir, '.env'), mode);
  const { code, stderr } = await place.run(['status']);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: .*chmod go-w \.env\n$/)]);
});

test('a .env that is a pipe does not hold a command up', { timeout: 10_000 }, async () => {
  const place = openPlace();
  execFileSync('mkfifo', [join(place.dir, '.env')]);
  onRelease(async () => (await open(join(place.dir, '.env'), 'r+')).close());
  const { stderr } = await place.process.run(['status']);
  expect(stderr).toMatch(/^warning: \.env is ignored, because it is not a file/);
});

test.each([
  ['the environment', 'the environment', true],
  ['.env', '.env', false],
])('check says that the address is from %s and the key from %s', async (url, key, inEnv) => {
  const stage = await openStage();
  const values = { DOCSPACE_URL: stage.env.DOCSPACE_URL ?? '', DOCSPACE_API_KEY: KEY };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  stage.write('.env', lines.join(''));
  const env = inEnv ? values : { DOCSPACE_URL: '', DOCSPACE_API_KEY: '' };
  const { stdout } = await stage.run(['check'], { env });
  expect(stdout).toContain(`the address of the portal is from ${url}, the key from ${key}\n`);
});

test('check says that the key is from a file', async () => {
  const stage = await openStage();
  stage.write('key', KEY);
  const env = { DOCSPACE_API_KEY: '', DOCSPACE_API_KEY_FILE: 'key' };
  const { stdout } = await stage.run(['check'], { env });
  expect(stdout).toContain(
    'the address of the portal is from the environment, the key from a file',
  );
});
