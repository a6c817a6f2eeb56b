import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const NAMES = 'email,first_name,last_name\n';

test('find tells every batch of a person, from another terminal, while one is under way', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 20 } });
  stage.write('one.csv', `${NAMES}ana@example.com,Ana,Lee\nAna@Example.com,Ana,Lee\n`);
  expect((await stage.run(['run', 'one.csv', '--batch', 'one'])).code).toBe(0);
  stage.write('two.csv', `${peopleCsv(600)}ANA@example.com,Ana,Lee\n`);
  const running = stage.process.start(['run', 'two.csv', '--batch', 'two', '--concurrency', '2']);
  await waitFor(() => createdOn(stage.sandbox).length > 5, { what: 'the second batch' });
  const [text, json, nobody] = await Promise.all([
    stage.run(['find', 'ana@example.com']),
    stage.run(['find', 'ANA@example.com', '--json']),
    stage.run(['find', 'nobody@example.com', '--json']),
  ]);
  expect([text.code, text.stderr]).toEqual([0, '']);
  const time = '20[0-9-]+ [0-9:]+Z';
  const pattern = [
    `batch two: processing, ${time}, http://127.0.0.1:\\d+`,
    '  two.csv line 602: Ana Lee <ANA@example.com>',
    '    pending',
    `batch one: finished, ${time}, http://127.0.0.1:\\d+`,
    '  one.csv line 2: Ana Lee <ana@example.com>',
    `    created, 1 attempt, at ${time}, account [\\w-]+, invited at ${time}`,
    '  one.csv line 3: Ana Lee <Ana@Example.com>',
    '    duplicate \\(duplicate: The same e-mail as one.csv line 2.\\)',
  ];
  expect(text.stdout).toMatch(new RegExp(`^${pattern.join('\n')}\n$`));
  expect([json.code, json.stderr]).toEqual([0, '']);
  const { email, rows } = JSON.parse(json.stdout);
  expect(email).toBe('ana@example.com');
  expect(rows).toMatchObject([
    { batchId: 'two', batchState: 'processing', state: 'pending', history: [] },
    { batchId: 'one', state: 'created', invited: true, round: 1, attempts: 1 },
    { batchId: 'one', state: 'duplicate', settledAt: null },
  ]);
  expect([nobody.code, nobody.stdout]).toEqual([1, '']);
  expect(nobody.stderr).toMatch(/^E_PERSON_UNKNOWN: this address is in no stored batch.*30 days/);
  expect(nobody.stderr).not.toContain('nobody@');
  running.send('SIGKILL');
  await running.ended;
});

test('find tells the rounds of somebody who was tried again', async () => {
  const stage = await openStage();
  stage.write('people.csv', `${NAMES}ana@example.com,Ana,Lee\n`);
  stage.sandbox.setFaults({ create: { race403: 1 } });
  const env = { ONBOARD_ATTEMPTS: '1', ONBOARD_LOOKUP_DELAY_MS: '0' };
  await stage.run(['run', 'people.csv', '--batch', 'b1', '--max-failures', '100'], { env });
  stage.sandbox.setFaults({ create: { race403: 0 } });
  await stage.run(['retry', 'b1'], { env });
  const { stdout } = await stage.run(['find', 'ana@example.com']);
  expect(stdout).toMatch(/\n {4}round 1: failed \(.*at 20.*Z\n {4}round 2: pending\n$/);
});

test('who lists the processes sees no address: find and retry read it from standard input', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const env = { ONBOARD_ATTEMPTS: '1', ONBOARD_LOOKUP_DELAY_MS: '0' };
  stage.sandbox.setFaults({ create: { race403: 1 } });
  await stage.run(['run', 'people.csv', '--batch', 'one', '--max-failures', '100'], { env });
  const found = await stage.run(['find', '-', '--json'], { stdin: '  p1@example.com \n' });
  expect([found.code, JSON.parse(found.stdout).rows]).toMatchObject([0, [{ batchId: 'one' }]]);
  const retry = ['retry', 'one', '--email', '-'];
  const retried = await stage.run(retry, { stdin: '\np1@example.com\r\np7@example.com\n' });
  expect(retried.stdout).toMatch(/^retrying 1 person\n/);
});

test.each([
  ['find', '-'],
  ['retry', 'one', '--email', '-'],
])('an empty standard input is reported, and retries nobody: %s %s', async (...args) => {
  const stage = await openStage();
  const { code, stderr } = await stage.run(args, { stdin: ' \n' });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^E_USAGE: .*standard input/)]);
});
