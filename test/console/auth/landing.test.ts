import { expect, test } from 'vitest';
import { makeCode } from '../../../src/console/auth/codes.ts';
import { browserOn, cheapHash, linkConsole, usersConsole } from './auth-case.ts';

const ANA = { name: 'ana', role: 'operator' } as const;

test('people land on the page that they wanted, after a wrong code too', async () => {
  const { stage, app } = await linkConsole();
  const browser = browserOn(app);
  const wanted = '/batches/spring/rows?state=failed&from=50';
  const led = (await browser.get(wanted)).headers.get('location') ?? '';
  expect(led).toBe(`/sign-in?to=${encodeURIComponent(wanted)}`);
  const form = await (await browser.get(led)).text();
  const [, action = ''] = /action="(\/sign-in[^"]*)"/.exec(form) ?? [];
  expect(action).toBe(led);
  const wrong = await browser.post(action, { code: 'wrong' });
  expect([wrong.status, await wrong.text()]).toEqual([401, expect.stringContaining(led)]);
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  expect((await browser.post(led, { code })).headers.get('location')).toBe(wanted);
});

test('with name and password people land on the page that they wanted', async () => {
  const { app } = await usersConsole(`ana:operator:${cheapHash('a long password')}\n`);
  const fields = { name: 'ana', password: 'a long password' };
  const answer = await browserOn(app).post('/sign-in?to=/activity', fields);
  expect(answer.headers.get('location')).toBe('/activity');
});

test('nobody who signs in is led to another site, nor back to a form', async () => {
  const { stage, app } = await linkConsole();
  const elsewhere = [
    ...['//evil.example', '/\\evil.example', '\\/evil.example', 'https://evil.example/', 'evil'],
    ...['/\t/evil.example', '/%09//evil', '/..//evil.example', 'javascript:alert(1)', '/x\r\ny: z'],
    ...['/sign-in', '/sign-out', '', ' /'],
  ];
  for (const to of elsewhere) {
    const code = await makeCode(stage.ledger, ANA, stage.timings);
    const answer = await browserOn(app).post(`/sign-in?to=${encodeURIComponent(to)}`, { code });
    const found = answer.headers.get('location') ?? '';
    expect([to, new URL(found, 'http://localhost').host]).toEqual([to, 'localhost']);
    if (!to.startsWith('/%09')) expect([to, found]).toEqual([to, '/']);
  }
  const posted = await browserOn(app).post('/batches/spring/retry', {});
  expect(posted.headers.get('location')).toBe('/sign-in');
});
