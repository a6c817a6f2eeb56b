import { expect, test } from 'vitest';
import { openScene, peopleCsv, type Scene, untilCreated } from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';

/** Each of these starts several processes. */
const TIMEOUT_MS = 90_000;

/** Slow enough that a second terminal comes in the middle of it. */
const SLOW = { sandbox: { latencyMs: 100 }, env: { ONBOARD_CONCURRENCY: '2' } };

async function submitted(scene: Scene, csv: string, ...flags: string[]): Promise<string> {
  await scene.write('people.csv', csv);
  const env = { ONBOARD_ATTEMPTS: '1' };
  const ended = await scene.run(['submit', 'people.csv', ...flags], { env });
  expect(ended.code).toBe(0);
  return ended.stdout.trim();
}

test(
  'two terminals watch a batch through a hold to its end; a third leaves with Ctrl-C',
  async () => {
    const scene = await openScene(SLOW);
    const batch = await submitted(scene, peopleCsv(60));
    const [one, two, three] = [
      ['watch', batch],
      ['watch', batch, '--json'],
      ['watch', batch],
    ].map((args) => scene.start(args));
    await waitFor(() => one?.stdout.includes('0 of 60') && three?.stdout !== '');
    three?.send('SIGINT');
    expect(await three?.ended).toMatchObject({
      code: 130,
      stdout: expect.stringMatching(/no worker is running/),
      stderr: 'the batch goes on without this terminal: onboard watch shows it again\n',
    });
    scene.start(['worker']);
    await untilCreated(scene.sandbox, 3);
    await scene.run(['pause']);
    await waitFor(() => one?.stdout.includes('held: paused'));
    expect(two?.stdout).toBe('');
    await scene.run(['resume']);
    const ended = await one?.ended;
    expect([ended?.code, ended?.stderr]).toEqual([0, '']);
    expect(ended?.stdout).toMatch(new RegExp(`batch ${batch}: finished[\\s\\S]*60 invited`));
    const json = await two?.ended;
    expect(json?.code).toBe(0);
    const told = JSON.parse(json?.stdout ?? '');
    expect(told).toMatchObject({ state: 'finished', created: 60, held: null, failures: [] });
  },
  TIMEOUT_MS,
);

test(
  'a watch beside a run with a private Redis sees the end, although that Redis goes with the run',
  async () => {
    const scene = await openScene({ ...SLOW, redis: 'private' });
    await scene.write('people.csv', peopleCsv(40));
    const run = scene.start(['run', 'people.csv', '--batch', 'staff']);
    await untilCreated(scene.sandbox, 3);
    const watch = scene.start(['watch', 'staff']);
    expect((await run.ended).code).toBe(0);
    const ended = await watch.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('batch staff: finished');
    // Whoever would start that Redis only to watch would keep `run` out of it.
    const unfinished = await scene.run(['submit', 'people.csv', '--batch', 'later']);
    expect(unfinished.code).toBe(0);
    const alone = await scene.run(['watch', 'later']);
    expect([alone.code, alone.stderr]).toEqual([
      130,
      'nothing works this batch: the same onboard run goes on with it\n',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'who failed comes as a list that is put right and submitted again',
  async () => {
    const scene = await openScene();
    scene.sandbox.setFaults({ create: { race403: 1 } });
    scene.start(['worker']);
    const csv = `mail,Vorname,Nachname,role,team\n+a@example.com,Ana,-Lee,RoomAdmin,x\nb@example.com,"'-Bo",,,\nbad,C,D,User,\n`;
    const batch = await submitted(scene, csv, '--max-failures', '100');
    const watched = await scene.run(['watch', batch]);
    expect(watched.code).toBe(3);
    expect(watched.stdout).toMatch(
      /failed:\n {2}2 user-already-exists, as people\.csv line 2, \+a@example\.com: .+\n {2}to try/,
    );
    const failed = await scene.run(['report', batch, '--failed']);
    const head = 'email,first_name,last_name,type,culture,department,comment,file,line,code,reason';
    expect(failed.stdout.split('\r\n')).toEqual([
      head,
      expect.stringMatching(
        /^'\+a@example\.com,Ana,'-Lee,RoomAdmin,,,,people\.csv,2,user-already-exists,/,
      ),
      expect.stringMatching(/^b@example\.com,'-Bo,,User,,,,people\.csv,3,user-already-exists,/),
      '',
    ]);
    const rejected = await scene.run(['report', batch, '--rejected', '--format', 'ndjson']);
    expect(JSON.parse(rejected.stdout)).toMatchObject({ email: 'bad', type: 'User', line: 4 });
    scene.sandbox.setFaults({ create: { race403: 0 } });
    const again = await submitted(scene, failed.stdout);
    expect((await scene.run(['watch', again])).code).toBe(0);
    const { accounts } = scene.sandbox.state();
    const made = accounts.filter(({ origin }) => origin === 'post').map(({ email }) => email);
    expect(made).toEqual(['+a@example.com', 'b@example.com']);
    const rows = JSON.parse((await scene.run(['report', again, '--format', 'json'])).stdout);
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(['Ana -Lee', '-Bo']);
  },
  TIMEOUT_MS,
);

test(
  'a report comes in pages, and every verb names the batches most like a wrong one',
  async () => {
    const scene = await openScene();
    const batch = await submitted(scene, peopleCsv(25), '--batch', 'staff-2026');
    const page = async (...args: string[]) => {
      const { code, stdout, stderr } = await scene.run([
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
    for (const { code, stdout, stderr } of await Promise.all(
      calls.map((args) => scene.run(args)),
    )) {
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^E_BATCH_UNKNOWN: .*did you mean staff-2026\?/);
    }
  },
  TIMEOUT_MS,
);
