import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { consoleUser } from '../../../src/commands/serve/console-user.ts';
import { hashedIn, isPassword } from '../../../src/console/auth/passwords.ts';
import { deafIo } from '../../support/deaf-io.ts';
import { openPlace } from '../../support/place.ts';
import { onRelease } from '../../support/resources.ts';
import { clientOf } from '../../support/space.ts';
import { openStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const CODE = /sign in: (http:\S+)\/sign-in#(\S+)/;

/** Sends the form of a code, as a browser does; returns the answer. */
function signIn(url: string, code: string): Promise<Response> {
  const headers = { origin: new URL(url).origin };
  const body = new URLSearchParams({ code });
  return fetch(`${url}/sign-in`, { method: 'POST', headers, body, redirect: 'manual' });
}

test('a console prints where it is, and an address that signs in once', async () => {
  const stage = await openStage({ env: { CONSOLE_PORT: '0', ONBOARD_ACTOR: 'Ana Lee' } });
  const running = stage.start(['console', '--role', 'admin']);
  const [, url = '', code = ''] = await waitFor(() => CODE.exec(running.stdout));
  expect(running.stdout).toMatch(
    /^console: http:\/\/127\.0\.0\.1:\d+\nsign in: \S+\n +once, within \d+ minutes, as admin\n$/,
  );
  const answer = await signIn(url, code);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (await fetch(url, { headers: { cookie } })).text();
  expect(page).toMatch(/Ana Lee<\/bdi> · admin/);
  expect((await signIn(url, code)).status).toBe(401);
  running.send('SIGTERM');
  const { code: status, stderr } = await running.ended;
  expect(status).toBe(0);
  for (const secret of [code, cookie.split('=')[1] ?? code]) expect(stderr).not.toContain(secret);
});

test('console link lets somebody into a console that runs', async () => {
  const stage = await openStage({ env: { CONSOLE_PORT: '0' } });
  const running = stage.start(['console']);
  const [, url = ''] = await waitFor(() => CODE.exec(running.stdout));
  const link = await stage.run(['console', 'link', '--role', 'viewer', '--port', '3100']);
  const [, address, code = ''] = CODE.exec(link.stdout) ?? [];
  expect([link.code, address]).toEqual([0, 'http://127.0.0.1:3100']);
  const answer = await signIn(url, code);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(await (await fetch(url, { headers: { cookie } })).text()).toContain(' · viewer');
});

test('a console without REDIS_URL shares the private Redis, and console link reaches it there', async () => {
  const stage = await openStage({ redis: 'private', env: { CONSOLE_PORT: '0' } });
  const running = stage.start(['console']);
  const [, url = ''] = await waitFor(() => CODE.exec(running.stdout));
  const link = await stage.run(['console', 'link']);
  const [, , code = ''] = CODE.exec(link.stdout) ?? [];
  expect((await signIn(url, code)).status).toBe(303);
});

test('a console of a Redis user that may only read says so instead of failing at each sign-in', async () => {
  const stage = await openStage();
  const reader = new URL(stage.env.REDIS_URL ?? '');
  const admin = clientOf(stage.url);
  await admin.call(
    ...['ACL', 'SETUSER', 'console-reader', 'on', '>password', `~${stage.prefix}:*`],
    ...['resetchannels', 'nocommands', '+@read', '+@connection', '+info', '+time'],
  );
  reader.username = 'console-reader';
  reader.password = 'password';
  onRelease(() => admin.call('ACL', 'DELUSER', 'console-reader'));
  const { code, stderr } = await stage.run(['console', '--port', '0'], {
    env: { REDIS_URL: reader.href },
  });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^E_REDIS_REFUSES: /)]);
});

test('what nobody would serve or understand is an error that says what to give', async () => {
  const place = openPlace();
  const errors = async (...args: string[]) => (await place.run(['console', ...args])).stderr;
  expect(await errors('--host', '0.0.0.0')).toMatch(/^E_CONFIG: .*CONSOLE_AUTH to users or proxy/);
  expect(await errors('link', 'ana')).toMatch(/^E_USAGE: a name is for console user alone/);
  expect(await errors('user')).toMatch(/^E_USAGE: give the name of the user/);
  expect(await errors('user', 'ana')).toMatch(/^E_USAGE: give --role/);
  expect(await errors('lnik')).toMatch(/^E_USAGE: .*Allowed choices are link, user/);
});

test('console user makes the line of a password that a pipe gives, and repeats it nowhere', async () => {
  const place = openPlace();
  const password = 'a long enough password';
  const args = ['console', 'user', 'Ana Lee', '--role', 'operator'];
  const { code, stdout, stderr } = await place.run(args, { stdin: `${password}\r\nmore\n` });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Ana Lee:operator:scrypt\$\S+\n$/)]);
  const hashed = hashedIn(stdout.trim().split(':')[2] ?? '');
  expect(hashed && (await isPassword(password, hashed))).toBe(true);
  expect(stdout + stderr).not.toContain(password);
  const short = await place.run(args, { stdin: 'eleven sign\n' });
  expect([short.code, short.stdout, short.stderr]).toEqual([
    2,
    '',
    expect.stringMatching(/^E_USAGE: the password has fewer than 12 characters/),
  ]);
});

/** A terminal at which somebody types; what it shows is all that was written to it. */
function terminal() {
  const [stdin, screen] = [new PassThrough(), new PassThrough()];
  let shown = '';
  screen.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const io = { ...deafIo(), stdin: Object.assign(stdin, { isTTY: true }), stderr: screen };
  const answer = async (question: string, text: string) => {
    await waitFor(() => shown.endsWith(question));
    stdin.write(`${text}\r`);
  };
  return { io, answer, shown: () => shown };
}

test('on a terminal the password is asked twice, and nobody who looks on can read it', async () => {
  const { io, answer, shown } = terminal();
  const stdout = new PassThrough();
  const made = consoleUser({ ...io, stdout }, 'ana', 'viewer');
  await answer('password: ', 'correct horsX\u007fe');
  await answer('once more: ', 'correct horse');
  expect(await made).toBe(0);
  const hashed = hashedIn(String(stdout.read()).trim().split(':')[2] ?? '');
  expect(hashed && (await isPassword('correct horse', hashed))).toBe(true);
  expect(shown()).not.toContain('horse');
});

test.each([
  ['another horse', 'the two passwords differ'],
  ['\u0003', 'no line was made'],
])('a second password of %j makes no line', async (second, message) => {
  const { io, answer } = terminal();
  const made = consoleUser(io, 'ana', 'viewer');
  made.catch(() => undefined);
  await answer('password: ', 'correct horse');
  await answer('once more: ', second);
  await expect(made).rejects.toThrow(message);
});

test('the dashboard names what replaces it', async () => {
  const stage = await openStage({ env: { DASHBOARD_PORT: '0' } });
  const running = stage.start(['dashboard']);
  await waitFor(() => running.stderr.includes('onboard console replaces the dashboard'));
});
