import { expect, test } from 'vitest';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Slow enough for a second terminal to watch in the middle of the batch. */
const SLOW = { sandbox: { latencyMs: 100 }, env: { ONBOARD_CONCURRENCY: '2' } };

async function submitted(stage: Stage, csv: string, ...flags: string[]): Promise<string> {
  stage.write('people.csv', csv);
  const env = { ONBOARD_ATTEMPTS: '1' };
  const ended = await stage.run(['submit', 'people.csv', ...flags], { env });
  expect(ended.code).toBe(0);
  return ended.stdout.trim();
}

test('two terminals watch a batch through a hold to its end; a third leaves with Ctrl-C', async () => {
  const stage = await openStage(SLOW);
  const batch = await submitted(stage, peopleCsv(60));
  const [one, two, three] = [
    ['watch', batch],
    ['watch', batch, '--json'],
    ['watch', batch],
  ].map((args) => stage.start(args));
  await waitFor(() => one?.stdout.includes('0 of 60') && three?.stdout !== '');
  three?.send('SIGINT');
  expect(await three?.ended).toMatchObject({
    code: 130,
    stdout: expect.stringMatching(/no worker is running/),
    stderr: 'the batch continues without this terminal: onboard watch shows it again\n',
  });
  await stage.worker();
  await untilCreated(stage.sandbox, 3);
  await stage.run(['pause']);
  await waitFor(() => one?.stdout.includes('held: paused'));
  expect(two?.stdout).toBe('');
  await stage.run(['resume']);
  const ended = await one?.ended;
  expect([ended?.code, ended?.stderr]).toEqual([0, '']);
  expect(ended?.stdout).toMatch(new RegExp(`batch ${batch}: finished[\\s\\S]*60 invited`));
  const json = await two?.ended;
  expect(json?.code).toBe(0);
  const told = JSON.parse(json?.stdout ?? '');
  expect(told).toMatchObject({ state: 'finished', created: 60, held: null, failures: [] });
});

test('a watch beside a run with a private Redis sees the end, although that Redis goes with the run', async () => {
  const stage = await openStage({ ...SLOW, redis: 'private' });
  stage.write('people.csv', peopleCsv(40));
  const run = stage.process.start(['run', 'people.csv', '--batch', 'staff']);
  await untilCreated(stage.sandbox, 3);
  const watch = stage.start(['watch', 'staff']);
  expect((await run.ended).code).toBe(0);
  const ended = await watch.ended;
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('batch staff: finished');
  // A `watch` that started this Redis would lock `run` out of it.
  const unfinished = await stage.run(['submit', 'people.csv', '--batch', 'later']);
  expect(unfinished.code).toBe(0);
  const alone = await stage.run(['watch', 'later']);
  expect([alone.code, alone.stderr]).toEqual([
    130,
    'no worker is running; run the same command to continue\n',
  ]);
});

test('people who failed come as a list to correct and submit again', async () => {
  const stage = await openStage();
  stage.sandbox.setFaults({ create: { race403: 1 } });
  await stage.worker();
  const csv = `mail,Vorname,Nachname,role,team\n+a@example.com,Ana,-Lee,RoomAdmin,x\nb@example.com,"'-Bo",,,\nbad,C,D,User,\n`;
  const batch = await submitted(stage, csv, '--max-failures', '100', '--allow-types', 'RoomAdmin');
  const watched = await stage.run(['watch', batch]);
  expect(watched.code).toBe(3);
  expect(watched.stdout).toMatch(
    /failed:\n {2}2 user-already-exists, as people\.csv line 2, \+a@example\.com: .+\n {2}to try/,
  );
  const failed = await stage.run(['report', batch, '--failed']);
  const head = 'email,first_name,last_name,type,culture,department,comment,file,line,code,reason';
  expect(failed.stdout.split('\r\n')).toEqual([
    head,
    expect.stringMatching(
      /^'\+a@example\.com,Ana,'-Lee,RoomAdmin,,x,,people\.csv,2,user-already-exists,/,
    ),
    expect.stringMatching(/^b@example\.com,'-Bo,,User,,,,people\.csv,3,user-already-exists,/),
    '',
  ]);
  const rejected = await stage.run(['report', batch, '--rejected', '--format', 'ndjson']);
  expect(JSON.parse(rejected.stdout)).toMatchObject({ email: 'bad', type: 'User', line: 4 });
  stage.sandbox.setFaults({ create: { race403: 0 } });
  const again = await submitted(stage, failed.stdout, '--allow-types', 'RoomAdmin');
  expect((await stage.run(['watch', again])).code).toBe(0);
  const { accounts } = stage.sandbox.state();
  const made = accounts.filter(({ origin }) => origin === 'post').map(({ email }) => email);
  expect(made.sort()).toEqual(['+a@example.com', 'b@example.com']);
  const rows = JSON.parse((await stage.run(['report', again, '--format', 'json'])).stdout);
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(['Ana -Lee', '-Bo']);
});

test('a report comes in pages, and every verb names the batches most like a wrong one', async () => {
  const stage = await openStage();
  const batch = await submitted(stage, peopleCsv(25), '--batch', 'staff-2026');
  const page = async (...args: string[]) => {
    const { code, stdout, stderr } = await stage.run([
      'report',
      batch,
      '--format',
      'ndjson',
      ...args,
    ]);
    return { code, lines: stdout.split('\n').length - 1, first: stdout.slice(0, 60), stderr };
  };
  const [one, two, none] = await Promise.all([
    page('--limit', '10'),
    page('--limit', '15', '--offset', '10', '--state', 'pending'),
    page('--state', 'created', 'failed'),
  ]);
  expect(one).toMatchObject({ code: 0, lines: 10, stderr: 'more rows: --offset 10\n' });
  expect(two).toMatchObject({ code: 0, lines: 15, stderr: '' });
  expect(two.first).toContain('p10@example.com');
  expect(none).toMatchObject({ code: 0, lines: 0 });
  const wrong = [
    ['--limit', '0'],
    ['--offset', '-1'],
    ['--failed', '--state', 'failed'],
  ];
  for (const { code } of await Promise.all(wrong.map((args) => page(...args)))) {
    expect(code).toBe(2);
  }
  const verbs = ['status', 'watch', 'report', 'retry', 'continue', 'invite'];
  const calls = [...verbs.map((verb) => [verb, 'staff-2025']), ['cancel', 'staff', '--yes']];
  for (const { code, stdout, stderr } of await Promise.all(calls.map((args) => stage.run(args)))) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^E_BATCH_UNKNOWN: .*did you mean staff-2026\?/);
  }
});
