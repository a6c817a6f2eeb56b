import { expect, test } from 'vitest';
import { makeCode } from '../../../src/console/auth/codes.ts';
import { createLinkAuth } from '../../../src/console/auth/link-auth.tsx';
import { publicSite } from '../../../src/console/auth/site.ts';
import { openStage } from '../../support/stage.ts';
import { consoleOn } from '../console-case.ts';
import { browserOn, signInParts } from './auth-case.ts';

const HOST = { host: 'console.example.com' };

/** A console that browsers reach at an address of its own, signing in by codes for short. */
async function publicConsole(url: string) {
  const stage = await openStage();
  const site = publicSite(new URL(url));
  const { parts } = signInParts(stage, Date.now, site);
  const { app } = consoleOn(stage, 'viewer', { auth: createLinkAuth(parts), site });
  const code = () => makeCode(stage.ledger, { name: 'ana', role: 'viewer' }, stage.timings);
  return { app, code };
}

test('behind TLS the cookie is sent over https alone, and to this host alone', async () => {
  const { app, code } = await publicConsole('https://console.example.com');
  const browser = browserOn(app);
  const origin = 'https://console.example.com';
  const answer = await browser.post('/sign-in', { code: await code() }, { ...HOST, origin });
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-onboard-[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  const forwarded = { ...HOST, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
  expect((await browser.get('/', forwarded)).status).toBe(200);
});

test('a console with an address of its own answers at no other, and to health checks', async () => {
  const { app } = await publicConsole('https://console.example.com');
  for (const host of ['localhost:3000', 'evil.example', 'console.example.com:8443', '']) {
    const answer = await app.request('/sign-in', { headers: { host } });
    expect([host, answer.status, await answer.text()]).toEqual([
      ...[host, 403],
      expect.stringContaining('is at https://console.example.com (CONSOLE_URL)'),
    ]);
    expect((await app.request('/healthz', { headers: { host } })).status).toBe(200);
  }
  expect((await app.request('/sign-in', { headers: { host: 'Console.Example.com' } })).status).toBe(
    200,
  );
});

test('a form is believed from the https address alone', async () => {
  const { app, code } = await publicConsole('https://console.example.com');
  const statusFrom = async (origin: string) => {
    const answer = await browserOn(app).post(
      '/sign-in',
      { code: await code() },
      { ...HOST, origin },
    );
    return answer.status;
  };
  expect(await statusFrom('https://console.example.com')).toBe(303);
  expect(await statusFrom('http://console.example.com')).toBe(403);
  expect(await statusFrom('https://console.example.com.evil.example')).toBe(403);
});
