import { expect, test } from 'vitest';
import { makeCode } from '../../../src/console/auth/codes.ts';
import { dump } from '../../support/dump.ts';
import { waitFor } from '../../support/wait-for.ts';
import { textOf } from '../console-text.ts';
import { browserOn, linkConsole, tokenIn } from './auth-case.ts';

const ANA = { name: 'ana', role: 'operator' } as const;

test('somebody without a session sees no page, and is led to sign in', async () => {
  const { app } = await linkConsole();
  const browser = browserOn(app);
  for (const path of ['/', '/batches/any', '/live']) {
    const answer = await browser.get(path);
    const [page] = (answer.headers.get('location') ?? '').split('?');
    expect([answer.status, page]).toEqual([303, '/sign-in']);
  }
  const form = await browser.get('/sign-in');
  expect(form.headers.get('cache-control')).toBe('no-store');
  expect(textOf(await form.text())).toContain('onboard console link prints a new one');
});

test('a link in a chat opens its page for somebody who is signed in, and leads to no other site', async () => {
  const { app } = await linkConsole();
  const browser = browserOn(app);
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
  const answer = await browser.get('/batches?state=failed', link);
  expect([answer.status, answer.headers.get('refresh')]).toEqual([
    200,
    '0; url=/batches?state=failed',
  ]);
  const again = await browser.get('/batches', { ...link, 'sec-fetch-site': 'same-origin' });
  expect(again.headers.get('location')).toBe('/sign-in?to=%2Fbatches');
  for (const path of ['//evil.example/', '/live']) {
    const { headers } = await browser.get(path, { ...link, 'sec-fetch-dest': 'empty' });
    expect(headers.get('refresh')).toBeNull();
  }
});

test('a code signs in once, however it is typed, and pages name who came', async () => {
  const { stage, app, noted } = await linkConsole();
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-?){4}$/);
  const browser = browserOn(app);
  const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const answer = await browser.post('/sign-in', { code: typed });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  expect(textOf(await (await browser.get('/')).text())).toContain('ana · operator');
  const other = browserOn(app);
  const again = await other.post('/sign-in', { code });
  expect([again.status, other.cookie]).toEqual([401, '']);
  expect(textOf(await again.text())).toContain('mistyped, used, or older than 10 minutes');
  expect(noted).toEqual([
    ['sign-in', 'ana'],
    ['sign-in-failed', undefined],
  ]);
});

test('two browsers with one code at the same moment: one gets in', async () => {
  const { stage, app } = await linkConsole();
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  const answers = await Promise.all([1, 2, 3].map(() => browserOn(app).post('/sign-in', { code })));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
});

test('a code that waited too long signs nobody in', async () => {
  const { stage, app } = await linkConsole({ timings: { signInCodeMs: 1 } });
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  await waitFor(async () => (await dump(stage, /:code:/)) === '');
  expect((await browserOn(app).post('/sign-in', { code })).status).toBe(401);
});

test('the cookie is for this site and this prefix alone, and Redis has neither it nor the code', async () => {
  const { stage, app } = await linkConsole();
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  const stored = await dump(stage, /./);
  const browser = browserOn(app);
  const set = (await browser.post('/sign-in', { code })).headers.get('set-cookie') ?? '';
  expect(set).toMatch(/^onboard-[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const [, secret = ''] = browser.cookie.split('=');
  const after = await dump(stage, /./);
  expect(after).toContain('"ana');
  for (const hidden of [code, code.replaceAll('-', '')]) expect(stored).not.toContain(hidden);
  expect(after).not.toContain(secret);
  expect(
    await stage.redis.pttl((await dump(stage, /:session:/)).split('\n')[0] ?? ''),
  ).toBeGreaterThan(0);
});

test('somebody who guesses codes waits longer and longer, and the right one waits too', async () => {
  let now = 1_000_000;
  const { stage, app } = await linkConsole({}, () => now);
  const code = await makeCode(stage.ledger, ANA, stage.timings);
  const guesser = browserOn(app, '127.0.0.2');
  const guess = async (text: string) => (await guesser.post('/sign-in', { code: text })).status;
  const first = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map(guess));
  expect(first).toEqual([401, 401, 401, 401, 401, 401]);
  const refused = await guesser.post('/sign-in', { code });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  now += stage.timings.signInWaitMs;
  expect([await guess('G'), await guess('H')]).toEqual([401, 429]);
  now += stage.timings.signInWaitMs;
  expect(await guess('I')).toBe(429);
  expect((await browserOn(app).post('/sign-in', { code })).status).toBe(303);
});

test('a new sign-in ends the session before it, and signing out ends the last', async () => {
  const { stage, app, noted } = await linkConsole();
  const browser = browserOn(app);
  const codeOf = (role: 'viewer' | 'admin') =>
    makeCode(stage.ledger, { name: 'ana', role }, stage.timings);
  await browser.post('/sign-in', { code: await codeOf('viewer') });
  const before = browser.cookie;
  const token = tokenIn(await (await browser.get('/sign-in')).text());
  await browser.post('/sign-in', { code: await codeOf('admin'), token });
  const old = browserOn(app);
  old.cookie = before;
  expect((await old.get('/')).status).toBe(303);
  const page = await (await browser.get('/')).text();
  expect(textOf(page)).toContain('ana · admin');
  const kept = browser.cookie;
  await browser.post('/sign-out', { token: tokenIn(page) });
  expect(browser.cookie).toBe('');
  old.cookie = kept;
  expect((await old.get('/')).status).toBe(303);
  expect(await dump(stage, /:session:/)).toBe('');
  expect(noted.at(-1)).toEqual(['sign-out', 'ana']);
});

test('a session ends without an activity, which a live page is not, and in any case after half a day', async () => {
  let now = Date.now();
  const { stage, app } = await linkConsole({}, () => now);
  const { sessionIdleMs, sessionMs } = stage.timings;
  const browser = browserOn(app);
  await browser.post('/sign-in', { code: await makeCode(stage.ledger, ANA, stage.timings) });
  const [key = ''] = (await dump(stage, /:session:/)).split('\n');
  const left = () => stage.redis.pttl(key);
  expect(await left()).toBeGreaterThan(sessionIdleMs - 5000);
  await stage.redis.pexpire(key, 9000);
  await (await browser.get('/live')).body?.cancel();
  expect(await left()).toBeLessThanOrEqual(9000);
  await browser.get('/');
  expect(await left()).toBeGreaterThan(sessionIdleMs - 5000);
  now += sessionMs - 9000;
  expect((await browser.get('/')).status).toBe(200);
  expect(await left()).toBeLessThanOrEqual(9000);
  now += 9000;
  expect((await browser.get('/')).status).toBe(303);
});

test('a session of a users file signs nobody in where codes do', async () => {
  const { stage, app } = await linkConsole();
  const browser = browserOn(app);
  await browser.post('/sign-in', { code: await makeCode(stage.ledger, ANA, stage.timings) });
  const [key = ''] = (await dump(stage, /:session:/)).split('\n');
  const stored = JSON.parse((await stage.redis.get(key)) ?? '{}');
  await stage.redis.set(key, JSON.stringify({ ...stored, stamp: 'of a line' }));
  expect((await browser.get('/')).status).toBe(303);
  await stage.redis.set(key, 'no session of ours');
  expect((await browser.get('/')).status).toBe(303);
});

test.each([
  { host: 'rebound.example' },
  { 'x-forwarded-for': '203.0.113.7' },
  { forwarded: 'for=203.0.113.7' },
])('a console for links answers no request with %j', async (headers) => {
  const { app } = await linkConsole();
  const answer = await browserOn(app).get('/sign-in', headers as Record<string, string>);
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining('this console serves its own machine alone'.slice(5)),
  ]);
  expect((await browserOn(app).get('/healthz', headers as Record<string, string>)).status).toBe(
    200,
  );
});
