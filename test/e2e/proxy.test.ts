import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namedCertificate } from '../portal/tls-fixture.ts';
import { NAMED, startConnectProxy, startTlsFront } from '../support/connect-proxy.ts';
import { peopleCsv } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { openStage } from '../support/stage.ts';

const PASSWORD = 'pass/word of a proxy';
const LOGIN = `agent:${PASSWORD}`;
const ENCODED = `agent:${encodeURIComponent(PASSWORD)}`;

/** A stage whose portal has a name that only the proxy resolves. */
async function openBehindProxy(settings: { login?: string; refuses?: number } = {}) {
  const stage = await openStage();
  const front = await startTlsFront(Number(new URL(stage.sandbox.url).port));
  const proxy = await startConnectProxy({ names: { [`${NAMED}:443`]: front }, ...settings });
  const NODE_EXTRA_CA_CERTS = join(stage.dir, stage.write('authority.pem', namedCertificate));
  stage.write('people.csv', peopleCsv(3));
  const env = { NODE_EXTRA_CA_CERTS, DOCSPACE_URL: `https://${NAMED}` };
  return { stage, proxy, env };
}

test('a run goes through a proxy that wants CONNECT and a password, which nothing shows', async () => {
  const { stage, proxy, env } = await openBehindProxy({ login: LOGIN });
  const HTTPS_PROXY = `http://${ENCODED}@127.0.0.1:${proxy.port}`;
  const given = { ...env, HTTPS_PROXY, LOG_LEVEL: 'trace' };
  const { code, stdout, stderr } = await stage.process.run(['run', 'people.csv'], { env: given });
  expect([code, stdout]).toEqual([0, expect.stringContaining('3 created')]);
  expect(new Set(proxy.asked)).toEqual(new Set([`${NAMED}:443`]));
  for (const secret of [PASSWORD, ENCODED, Buffer.from(LOGIN).toString('base64')]) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('check names the proxy, in lower case too', async () => {
  const { stage, proxy, env } = await openBehindProxy();
  const given = { ...env, https_proxy: `127.0.0.1:${proxy.port}` };
  const { code, stdout } = await stage.process.run(['check'], { env: given });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {7}requests to the portal go through the proxy 127\.0\.0\.1:\d+/m);
});

test.each([
  ['wants a password', { login: LOGIN }, /^fault {4}The proxy .*wants a user and a password/m],
  ['refuses', { refuses: 403 }, /^fault {4}A proxy in front of the portal refuses .*403/m],
  [
    'does not know the name',
    { refuses: 503 },
    /^fault {4}The proxy .*does not reach the portal .*503/m,
  ],
])('check of a proxy that %s has a sentence of its own', async (_, settings, sentence) => {
  const { stage, proxy, env } = await openBehindProxy(settings);
  const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
  const { code, stdout } = await stage.run(['check'], { env: { ...env, HTTPS_PROXY } });
  expect([code, stdout]).toEqual([4, expect.stringMatching(sentence)]);
  expect(stdout).toMatch(/what to do: .*(HTTPS_PROXY|proxy)/);
});

test('check of a proxy that nobody serves has a sentence of its own', async () => {
  const { stage, env } = await openBehindProxy();
  const HTTPS_PROXY = `http://${ENCODED}@127.0.0.1:${await freePort()}`;
  const { code, stdout } = await stage.run(['check'], { env: { ...env, HTTPS_PROXY } });
  expect([code, stdout]).toEqual([
    4,
    expect.stringMatching(/^fault {4}The proxy of HTTPS_PROXY cannot be reached .*ECONNREFUSED/m),
  ]);
  expect(stdout).toMatch(/what to do: .*HTTPS_PROXY/);
  expect(stdout).not.toContain(ENCODED);
});

test('NO_PROXY leads past the proxy', async () => {
  const { stage, proxy, env } = await openBehindProxy();
  const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
  const given = { ...env, HTTPS_PROXY, NO_PROXY: 'example.test' };
  const { stdout } = await stage.run(['check'], { env: given });
  expect(proxy.asked).toEqual([]);
  expect(stdout).toContain('host name cannot be resolved');
});

test('a portal on this machine is never asked through a proxy', async () => {
  const stage = await openStage();
  const away = `http://127.0.0.1:${await freePort()}`;
  const { code } = await stage.run(['check'], { env: { HTTPS_PROXY: away, HTTP_PROXY: away } });
  expect(code).toBe(0);
});

test.each(['socks5://127.0.0.1:1080', 'http://:8080', 'http://user:%zz@proxy:1'])(
  'a proxy %s is a fault of the configuration, without its value',
  async (value) => {
    const stage = await openStage();
    const { code, stderr } = await stage.run(['check'], { env: { HTTPS_PROXY: value } });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^E_CONFIG: .*HTTPS_PROXY .*http:\/\//),
    ]);
    expect(stderr).not.toContain(value);
  },
);
