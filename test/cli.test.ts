import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../src/commands/program.ts';
import { deafIo } from './support/deaf-io.ts';
import { openPlace } from './support/place.ts';
import { freePort } from './support/ports.ts';
import { TEST_KEY } from './support/stage.ts';
import { waitFor } from './support/wait-for.ts';

const verbs = buildProgram(deafIo(), () => undefined).commands.map((command) => command.name());
const PEOPLE = resolve('examples/people.json');
const GOOD = { DOCSPACE_URL: 'https://portal.example.com', DOCSPACE_API_KEY: TEST_KEY };

describe('onboard --help', () => {
  test('lists every command', async () => {
    const place = openPlace();
    const { code, stdout, stderr } = await place.process.run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  });

  test('of each command shows an example and exits 0', async () => {
    const place = openPlace();
    const all = await Promise.all(verbs.map((verb) => place.process.run([verb, '--help'])));
    all.forEach(({ code, stdout, stderr }, index) => {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        new RegExp(`Examples:\\n(?:  \\$ .*\\n)*  \\$ .*onboard ${verbs[index]}\\b`),
      );
    });
  });
});

test('wrong usage exits 2, says what is wrong and where help is', async () => {
  const place = openPlace(GOOD);
  const cases: [string[], RegExp][] = [
    [['run', 'people.csv', '--parallel', '3'], /unknown option '--parallel'[\s\S]*onboard --help/],
    [['enlist'], /unknown command 'enlist'/],
    [['run'], /missing required argument 'file'/],
    [['run', 'people.csv', '--type', 'Guest'], /'Guest' is invalid.*RoomAdmin/],
    [['report', 'b1', '--format', 'xlsx'], /'xlsx' is invalid.*csv, json, ndjson/],
    [
      ['run', 'people.csv', '--batch', '7 up'],
      /^E_USAGE: option '--batch <id>' argument '7 up' is invalid\. Use a letter/,
    ],
    [
      ['sandbox', '--latency', 'slow'],
      /^E_USAGE: option '--latency <ms>' argument 'slow' is invalid\. Give a whole/,
    ],
    [
      ['sandbox', '--port', '65536'],
      /^E_USAGE: option '--port <n>' argument '65536' .* from 0 to 65535/,
    ],
  ];
  const all = await Promise.all(cases.map(([args]) => place.run(args)));
  all.forEach(({ code, stdout, stderr }, index) => {
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(cases[index]?.[1] ?? /$^/);
  });
});

test('an unusable file exits 1 with file and line, before anything connects', async () => {
  const address = `redis://127.0.0.1:${await freePort()}`;
  const place = openPlace({ ...GOOD, REDIS_URL: address });
  place.write('broken.csv', 'email,first_name,last_name\na@x.org,Ana,Lee\nb@x.org,"Bo,Lee\n');
  place.write('other.csv', 'name,phone\nAna,1\n');
  const cases: [string, RegExp][] = [
    ['nowhere.csv', /^E_FILE_UNREADABLE: .*nowhere\.csv/],
    ['broken.csv', /^E_FILE_MALFORMED: .*broken\.csv:3: a quote/],
    ['other.csv', /^E_FILE_COLUMNS: .*other\.csv/],
  ];
  const all = await Promise.all(cases.map(([file]) => place.run(['run', PEOPLE, file])));
  all.forEach(({ code, stdout, stderr }, index) => {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(cases[index]?.[1] ?? /$^/);
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('(onboard --help'))).toHaveLength(1);
  });
});

test('all faults of the configuration are reported together with exit 1', async () => {
  const env = {
    DOCSPACE_URL: 'http://portal.example.com',
    REDIS_URL: 'localhost',
    ONBOARD_ATTEMPTS: 'many',
  };
  const place = openPlace(env);
  const run = await place.run(['run', 'people.csv', '--concurrency', '0']);
  expect([run.code, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toMatch(/^E_CONFIG: configuration, \d faults:/);
  const named = ['DOCSPACE_URL', 'REDIS_URL', 'ONBOARD_ATTEMPTS', 'ONBOARD_CONCURRENCY'];
  for (const name of [...named, 'DOCSPACE_API_KEY is missing']) expect(run.stderr).toContain(name);
});

test('the dashboard does not open itself to others without a password', async () => {
  const place = openPlace();
  const { code, stderr } = await place.run(['dashboard', '--host', '0.0.0.0', '--port', '0']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^E_CONFIG: .*DASHBOARD_USER and DASHBOARD_PASSWORD/);
});

test('an unknown batch exits 1 and tells how to find the known ones', async () => {
  const place = openPlace();
  const report = await place.run(['report', 'nosuch']);
  const status = await place.run(['status', 'nosuch', '--json']);
  for (const { code, stdout, stderr } of [report, status]) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^E_BATCH_UNKNOWN: .*nosuch.*onboard status/);
  }
});

test('sandbox says where it is, follows its flags, and ends on SIGTERM with 0', async () => {
  const place = openPlace();
  place.write('there.txt', 'old@example.com\n');
  const flags = ['--key', TEST_KEY, '--existing', 'there.txt', '--latency', '0', '--locale', 'de'];
  const running = place.process.start(['sandbox', ...flags]);
  await waitFor(() => running.stdout.includes('DOCSPACE_API_KEY'));
  const [, url = ''] = /^DOCSPACE_URL=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(running.stdout) ?? [];
  expect(running.stdout).toContain(`DOCSPACE_API_KEY=${TEST_KEY}\n`);
  const answer = await fetch(`${url}/api/2.0/people`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TEST_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'old@example.com', firstName: 'A', lastName: 'B', type: 'User' }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toMatch(/bereits/);
  const state = await (await fetch(`${url}/__sandbox/state`)).json();
  expect(state).toMatchObject({ postsByEmail: { 'old@example.com': 1 }, acceptedInvites: [] });
  running.send('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

test('sandbox takes its faults from a flag or a file, with their seed', async () => {
  const place = openPlace();
  place.write('faults.json', JSON.stringify({ create: { html502Before: 1 }, stallMs: 7 }));
  for (const faults of ['{"create":{"html502Before":1},"stallMs":7}', '@faults.json']) {
    const running = place.start(['sandbox', '--seed', '9', '--faults', faults]);
    const [, url = ''] = await waitFor(() => /DOCSPACE_URL=(\S+)/.exec(running.stdout));
    const inForce = await (await fetch(`${url}/__sandbox/faults`)).json();
    expect(inForce).toMatchObject({ seed: 9, stallMs: 7, create: { html502Before: 1 } });
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  }
});

test('sandbox says what is wrong with its faults and does not start', async () => {
  const place = openPlace();
  place.write('odd.json', '{"create":{"resetAfter":2}}');
  const cases: [string[], number, RegExp][] = [
    [['--faults', '{"create"'], 1, /^E_CONFIG: The faults for the sandbox are not JSON/],
    [['--faults', '{"creat":{}}'], 1, /^E_CONFIG: .*Unrecognized key: "creat"/],
    [['--faults', '@odd.json'], 1, /^E_CONFIG: .*create\.resetAfter/],
    [['--faults', '@none.json'], 1, /^E_FILE_UNREADABLE: --faults @none\.json: /],
    [
      ['--seed', 'x'],
      2,
      /^E_USAGE: option '--seed <n>' argument 'x' is invalid\. Give a whole number/,
    ],
  ];
  const all = await Promise.all(cases.map(([flags]) => place.run(['sandbox', ...flags])));
  all.forEach(({ code, stdout, stderr }, index) => {
    expect([code, stdout]).toEqual([cases[index]?.[1], '']);
    expect(stderr).toMatch(cases[index]?.[2] ?? /$^/);
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('(onboard --help'))).toHaveLength(1);
  });
});
