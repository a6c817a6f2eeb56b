import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hashPassword } from '../../../src/console/auth/passwords.ts';
import { timings as product } from '../../../src/timings.ts';
import { waitFor } from '../../support/wait-for.ts';
import { textOf } from '../console-text.ts';
import { browserOn, cheapHash, tokenIn, usersConsole } from './auth-case.ts';

const [RIGHT, OTHER] = ['the right password', 'another password'];

const hashes = { right: cheapHash(RIGHT), other: cheapHash(OTHER) };

const line = (name: string, role = 'operator', hash = hashes.right) => `${name}:${role}:${hash}\n`;

test('people sign in with name and password, and each has the role of the file', async () => {
  const text = `# our team\n\n${line('ana', 'admin')}${line('Bo Lee', 'viewer', hashes.other)}`;
  const { app, noted } = await usersConsole(text);
  const [ana, bo] = [browserOn(app), browserOn(app)];
  expect((await ana.post('/sign-in', { name: ' ana ', password: RIGHT })).status).toBe(303);
  expect((await bo.post('/sign-in', { name: 'Bo Lee', password: OTHER })).status).toBe(303);
  expect(textOf(await (await ana.get('/')).text())).toContain('ana · admin');
  expect(textOf(await (await bo.get('/')).text())).toContain('Bo Lee · viewer');
  expect(noted).toEqual([
    ['sign-in', 'ana'],
    ['sign-in', 'Bo Lee'],
  ]);
});

test('a wrong password and an unknown name get the same answer, and no name that nobody has is noted', async () => {
  const { app, noted } = await usersConsole(line('ana'));
  const answers = await Promise.all(
    [
      { name: 'ana', password: OTHER },
      { name: 'my password, in the wrong field', password: RIGHT },
      { name: 'ana', password: '' },
    ].map((fields) => browserOn(app).post('/sign-in', fields)),
  );
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
  expect([...texts]).toEqual([expect.stringContaining('Name or password is wrong')]);
  expect(noted.map(([what]) => what)).toEqual(noted.map(() => 'sign-in-failed'));
  expect(noted.map(([, name]) => name ?? 'nobody').sort()).toEqual(['ana', 'ana', 'nobody']);
});

test('the time of an answer does not tell whether a name exists', async () => {
  const { app } = await usersConsole(line('ana', 'viewer', await hashPassword(RIGHT)));
  const timeOf = async (name: string) => {
    const began = performance.now();
    await browserOn(app).post('/sign-in', { name, password: OTHER });
    return performance.now() - began;
  };
  await timeOf('warm');
  const [known, unknown] = [await timeOf('ana'), await timeOf('bo')];
  expect(unknown).toBeGreaterThan(known / 3);
});

test('somebody who is removed, or has another role or password, is signed out within seconds', async () => {
  const all = ['ana', 'bo', 'cy', 'di'];
  const { app, write, timings } = await usersConsole(all.map((name) => line(name)).join(''));
  expect(product.usersCheckMs + product.liveViewerMs).toBeLessThan(5000);
  const browsers = await Promise.all(
    all.map(async (name) => {
      const browser = browserOn(app);
      await browser.post('/sign-in', { name, password: RIGHT });
      return browser;
    }),
  );
  const streams = await Promise.all(browsers.map((browser) => browser.get('/live')));
  const ended = streams.map(async ({ body }) => {
    for await (const _ of body ?? []);
    return performance.now();
  });
  const states = async () =>
    Promise.all(browsers.map(async (browser) => (await browser.get('/')).status));
  expect(await states()).toEqual([200, 200, 200, 200]);
  const began = performance.now();
  write(line('bo') + line('cy', 'viewer') + line('di', 'operator', hashes.other));
  await waitFor(async () => (await states()).join() === '303,200,303,303');
  const [ana = 0, , cy = 0, di = 0] = await Promise.all([ended[0], undefined, ended[2], ended[3]]);
  const within = timings.usersCheckMs + timings.liveViewerMs + 1000;
  for (const at of [ana, cy, di]) expect(at - began).toBeLessThan(within);
  const still = Promise.race([ended[1], Promise.resolve('open')]);
  expect(await still).toBe('open');
  await streams[1]?.body?.cancel().catch(() => undefined);
});

test('a users file that others can read, or that is gone, lets nobody in until it is right again', async () => {
  const { app, path, lines } = await usersConsole(line('ana'));
  const browser = browserOn(app);
  await browser.post('/sign-in', { name: 'ana', password: RIGHT });
  chmodSync(path, 0o644);
  await waitFor(async () => (await browser.get('/')).status === 303);
  expect((await browserOn(app).post('/sign-in', { name: 'ana', password: RIGHT })).status).toBe(
    401,
  );
  chmodSync(path, 0o600);
  await waitFor(async () => (await browser.get('/')).status === 200);
  const said = lines.join('');
  expect(said).toContain('the users file is open to other users: run chmod 600 on it');
  expect(said).not.toContain('"ana"');
});

test('a line that became faulty signs out whom it names, and nobody else', async () => {
  const { app, write, lines } = await usersConsole(line('ana') + line('bo'));
  const [ana, bo] = [browserOn(app), browserOn(app)];
  await ana.post('/sign-in', { name: 'ana', password: RIGHT });
  await bo.post('/sign-in', { name: 'bo', password: RIGHT });
  write(line('ana', 'boss') + line('bo') + line('bo', 'admin'));
  await waitFor(async () => (await ana.get('/')).status === 303);
  expect(textOf(await (await bo.get('/')).text())).toContain('bo · operator');
  expect(lines.join('')).toMatch(/line 1 has another role.*line 3 names a user a second time/s);
});

test.each([
  ['', 'has no user'],
  ['ana:operator\n', 'line 1 has no password'],
  ['ana:operator:secret-in-the-clear\n', 'line 1 has no password'],
  ['ana operator\n', 'line 1 has another role'],
  [':admin:x\n', 'line 1 is not name:role:password'],
])('a console does not start with the users file %j', async (text, fault) => {
  const opening = usersConsole(text);
  await expect(opening).rejects.toThrow(`CONSOLE_USERS_FILE ${fault}`);
  await expect(opening).rejects.not.toThrow('secret-in-the-clear');
});

test('guesses of one name wait for each other, also when they are sent together', async () => {
  let now = 1_000_000;
  const { app } = await usersConsole(line('ana') + line('bo'), { now: () => now });
  const guess = (name: string, password = OTHER, address = '198.51.100.1') =>
    browserOn(app, address)
      .post('/sign-in', { name, password })
      .then(({ status }) => status);
  const together = await Promise.all(Array.from({ length: 6 }, () => guess('ana')));
  expect(together.sort()).toEqual([401, 401, 401, 401, 429, 429]);
  expect(await guess('ana', RIGHT)).toBe(429);
  expect(await guess('bo', RIGHT)).toBe(303);
  expect(await guess('ana', RIGHT, '198.51.100.2')).toBe(303);
  now += 60_000;
  expect(await guess('ana', RIGHT)).toBe(303);
});

test('people who have signed in from an address are not kept out by guesses from elsewhere', async () => {
  const { app } = await usersConsole(line('ana'), { now: () => 1_000_000 });
  const from = (address: string, password: string) =>
    browserOn(app, address)
      .post('/sign-in', { name: 'ana', password })
      .then(({ status }) => status);
  expect(await from('192.0.2.1', RIGHT)).toBe(303);
  const guesses = Array.from({ length: 12 }, (_, index) => `198.51.100.${index}`);
  const answers = await Promise.all(guesses.map((address) => from(address, OTHER)));
  expect(answers).toContain(429);
  expect(await from('203.0.113.9', RIGHT)).toBe(429);
  expect(await from('192.0.2.1', RIGHT)).toBe(303);
});

test('signing out ends the session, and nobody can sign another out', async () => {
  const { app, noted } = await usersConsole(line('ana'));
  const browser = browserOn(app);
  await browser.post('/sign-in', { name: 'ana', password: RIGHT });
  const token = tokenIn(await (await browser.get('/')).text());
  expect((await browser.post('/sign-out', { token: 'of another' })).status).toBe(403);
  expect((await browser.get('/')).status).toBe(200);
  expect((await browser.post('/sign-out', { token })).status).toBe(303);
  expect((await browser.get('/')).status).toBe(303);
  expect(noted.at(-1)).toEqual(['sign-out', 'ana']);
});
