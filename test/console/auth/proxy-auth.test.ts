import { expect, test } from 'vitest';
import { dump } from '../../support/dump.ts';
import { textOf } from '../console-text.ts';
import { browserOn, proxyConsole, tokenIn } from './auth-case.ts';

const PROXY = '10.0.0.5';
const ENV = {
  CONSOLE_PROXY_ADDRESSES: PROXY,
  CONSOLE_PROXY_GROUPS_HEADER: 'X-Forwarded-Groups',
  CONSOLE_ROLES: 'hr=operator,cn=it=admin',
};

const headers = (user: string, groups = '') => ({
  'x-forwarded-user': user,
  'x-forwarded-groups': groups,
  'x-forwarded-for': '203.0.113.7',
});

test('people have the name that the proxy sends, and the highest role of their groups', async () => {
  const { app } = await proxyConsole(ENV);
  const browser = browserOn(app, PROXY);
  const role = async (groups: string) =>
    /ana · (\w+)/.exec(textOf(await (await browser.get('/', headers('ana', groups))).text()))?.[1];
  expect(await role('sales, hr')).toBe('operator');
  expect(await role('hr,cn=it')).toBe('admin');
  expect(await role('HR')).toBeUndefined();
  const utf8 = Buffer.from('Zoë 安', 'utf8').toString('latin1');
  const page = await (await browser.get('/', headers(utf8, 'hr'))).text();
  expect(textOf(page)).toContain('Zoë 安 · operator');
  expect(page).not.toContain('Sign out');
});

test('a header from another address, or without the secret, is not believed', async () => {
  const secret = 'a secret of the proxy';
  const env = {
    ...ENV,
    CONSOLE_PROXY_ADDRESSES: `${PROXY},127.0.0.1`,
    CONSOLE_PROXY_SECRET: secret,
  };
  const { app } = await proxyConsole(env);
  const ask = async (address: string, more: Record<string, string> = {}) => {
    const answer = await browserOn(app, address).get('/', { ...headers('ana', 'hr'), ...more });
    return [answer.status, textOf(await answer.text())] as const;
  };
  const sent = { 'x-onboard-proxy-secret': secret };
  expect((await ask(PROXY, sent))[0]).toBe(200);
  expect((await ask('127.0.0.1', sent))[0]).toBe(200);
  for (const [address, more, missing] of [
    ['10.0.0.6', sent, 'CONSOLE_PROXY_ADDRESSES'],
    ['', sent, 'CONSOLE_PROXY_ADDRESSES'],
    ['127.0.0.1', {}, 'CONSOLE_PROXY_SECRET'],
    [PROXY, { 'x-onboard-proxy-secret': `${secret}s` }, 'CONSOLE_PROXY_SECRET'],
  ] as const) {
    const [status, text] = await ask(address, more);
    expect([status, text]).toEqual([403, expect.stringContaining(missing)]);
    expect(text).not.toContain(secret);
  }
});

test('somebody without a role is let into no page, and reads what is missing', async () => {
  const { app } = await proxyConsole(ENV);
  const browser = browserOn(app, PROXY);
  for (const path of ['/', '/live', '/batches', '/sign-in']) {
    const answer = await browser.get(path, headers('bo', 'sales'));
    expect([answer.status, textOf(await answer.text())]).toEqual([
      403,
      expect.stringContaining('None of your groups has a role'),
    ]);
  }
  const nobody = await browser.get('/', headers(''));
  expect([nobody.status, textOf(await nobody.text())]).toEqual([
    403,
    expect.stringContaining('sent no name in the header x-forwarded-user'),
  ]);
});

test('a role for everybody needs no group', async () => {
  const { app } = await proxyConsole({ CONSOLE_PROXY_ADDRESSES: PROXY, CONSOLE_ROLES: '*=viewer' });
  const answer = await browserOn(app, PROXY).get('/', { 'x-forwarded-user': 'cy' });
  expect(textOf(await answer.text())).toContain('cy · viewer');
});

test('a proxy that adds its header to one of the browser lets nobody in', async () => {
  const { app } = await proxyConsole(ENV);
  const rawHeaders = ['X-Forwarded-User', 'boss', 'Host', 'localhost', 'X-Forwarded-User', 'ana'];
  const incoming = { socket: { remoteAddress: PROXY }, rawHeaders };
  const answer = await app.request('/', { headers: headers('boss, ana', 'cn=it') }, { incoming });
  expect([answer.status, textOf(await answer.text())]).toEqual([
    403,
    expect.stringContaining('x-forwarded-user was sent twice'),
  ]);
});

test('a form of one person is refused for another, and works again after a restart', async () => {
  const { app, stage } = await proxyConsole(ENV);
  const browser = browserOn(app, PROXY);
  const token = tokenIn(await (await browser.get('/pause', headers('ana', 'hr'))).text());
  expect(token).toMatch(/^[\w-]{43}$/);
  const pause = (by: typeof browser, user: string) =>
    by.post('/pause', { token }, headers(user, 'hr'));
  expect((await pause(browser, 'bo')).status).toBe(403);
  expect(await dump(stage, /:hold$/)).toBe('');
  const again = browserOn((await proxyConsole(ENV, Date.now, stage)).app, PROXY);
  expect((await pause(again, 'ana')).status).toBe(303);
  expect(await dump(stage, /:hold$/)).toContain('paused');
});

test('the log has who came, once, and again after half an hour away', async () => {
  let now = Date.now();
  const { app, noted, stage } = await proxyConsole(ENV, () => now);
  const browser = browserOn(app, PROXY);
  const visit = () => browser.get('/', headers('ana', 'hr'));
  await visit();
  now += stage.timings.sessionIdleMs - 1;
  await visit();
  await visit();
  expect(noted).toEqual([['sign-in', 'ana']]);
  now += stage.timings.sessionIdleMs + 1;
  await visit();
  expect(noted).toHaveLength(2);
});

test('an open page asks the proxy again within minutes, so that a removed person loses it', async () => {
  let now = Date.now();
  const { app, stage } = await proxyConsole(ENV, () => now);
  const { body } = await browserOn(app, PROXY).get('/live', headers('ana', 'hr'));
  now += stage.timings.liveJudgedMs;
  for await (const _ of body ?? []);
  expect(stage.timings.liveJudgedMs).toBeLessThanOrEqual(300_000);
});
