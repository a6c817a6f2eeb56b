import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage, type Stage, TEST_KEY } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

async function logOf(stage: Stage, ...args: string[]) {
  const ended = await stage.run(['log', ...args, '--json']);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return JSON.parse(ended.stdout);
}

test('the log has every change with who did it, and neither an e-mail nor the key', async () => {
  const stage = await openStage({ env: { ONBOARD_ACTOR: 'release job 7', SUDO_USER: 'ana' } });
  stage.write('people.csv', peopleCsv(6));
  const ran = await stage.run(['run', 'people.csv', '--limit', '2', '--hold-invite']);
  const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
  await stage.run(['pause']);
  await stage.run(['resume']);
  await stage.run(['invite', batch]);
  await stage.run(['run', 'people.csv']);
  await stage.run(['continue', batch]);
  await stage.run(['cancel', batch, '--no-invite', '--yes']);
  const worker = await stage.worker();
  await stage.until(batch, 'cancelled');
  worker.send('SIGTERM');
  await worker.ended;
  await stage.run(['retry', batch, '--email', 'p1@example.com', 'p2@example.com']);
  await stage.run(['submit', 'people.csv']);
  await stage.run(['cancel', 'ana@example.com', '--yes']);

  const entries = await logOf(stage);
  const told = entries.map(({ action, outcome }: Record<string, string>) => [action, outcome]);
  const verbs = [
    'submit',
    'retry',
    'cancel',
    'continue',
    'run',
    'invite',
    'resume',
    'pause',
    'run',
  ];
  expect(told).toEqual(verbs.map((verb) => [verb, 'done']));
  expect(entries[0].by).toMatchObject({
    name: 'release job 7',
    sudoUser: 'ana',
    host: hostname(),
    pid: expect.any(Number),
  });
  expect(entries.at(-1)).toMatchObject({
    batch,
    details: { accepted: 6, rejected: 0, duplicates: 0, already: false, limit: 2 },
  });
  expect(entries[1].details).toMatchObject({ reasons: 0, emails: 2 });
  expect(entries[2].details).toEqual({ invite: false, cancelled: expect.any(Number) });
  expect(entries[6]).toMatchObject({ batch: null, details: { lifted: 'paused' } });
  expect(await logOf(stage, batch, '--limit', '2')).toEqual(entries.slice(0, 2));

  const shown = await stage.run(['log']);
  expect(shown.stdout).toMatch(/^TIME +ACTION +BATCH +END +WHO +DETAILS\n/);
  expect(shown.stdout).toMatch(/ pause +- +done +release job 7 \(\S+\) on /);
  const kept = JSON.stringify(await stage.redis.xrange(`${stage.prefix}:log`, '-', '+'));
  expect(kept).toContain('release job 7');
  for (const secret of ['@example.com', TEST_KEY]) expect(kept).not.toContain(secret);
});

test('a command that is killed leaves its beginning, one that is refused its code', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 100 } });
  stage.write('people.csv', peopleCsv(30_000));
  const submit = stage.process.start(['submit', 'people.csv']);
  const entries = await waitFor(async () => {
    const found = await logOf(stage);
    return found.length > 0 ? found : undefined;
  });
  await waitFor(() => stage.redis.exists(stage.ledger.keys.record(entries[0].batch)));
  submit.send('SIGKILL');
  await submit.ended;
  expect(entries).toMatchObject([{ action: 'submit', outcome: 'begun', code: null }]);
  // Stands for ten seconds, after which the lock of the killed producer expires.
  await stage.redis.del(stage.ledger.keys.lock(entries[0].batch));
  const refused = await stage.run(['retry', entries[0].batch]);
  expect(refused.stderr).toContain('E_BATCH_STATE');
  expect((await logOf(stage))[0]).toMatchObject({
    action: 'retry',
    outcome: 'failed',
    code: 'E_BATCH_STATE',
  });
  expect((await stage.run(['log'])).stdout).toContain('no end known');
});

test('wrong use of log is reported', async () => {
  const stage = await openStage();
  const nothing = await stage.run(['log']);
  expect([nothing.code, nothing.stdout]).toEqual([0, 'no actions yet\n']);
  const unknown = await stage.run(['log', 'b000000000000']);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('E_BATCH_UNKNOWN')]);
  const limit = await stage.run(['log', '--limit', '0']);
  expect([limit.code, limit.stderr]).toEqual([
    2,
    expect.stringContaining("'--limit <n>' argument '0'"),
  ]);
});
