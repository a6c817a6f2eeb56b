import { hostname } from 'node:os';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { openScene, peopleCsv, type Scene, TEST_KEY } from '../support/cli.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';

/** Each of these starts ten processes and more. */
const TIMEOUT_MS = 90_000;

async function logOf(scene: Scene, ...args: string[]) {
  const ended = await scene.run(['log', ...args, '--json']);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return JSON.parse(ended.stdout);
}

test(
  'the log has every change with who did it, and neither an e-mail nor the key',
  async () => {
    const scene = await openScene({ env: { ONBOARD_ACTOR: 'release job 7', SUDO_USER: 'ana' } });
    await scene.write('people.csv', peopleCsv(6));
    const ran = await scene.run(['run', 'people.csv', '--limit', '2', '--hold-invite']);
    const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
    await scene.run(['pause']);
    await scene.run(['resume']);
    await scene.run(['invite', batch]);
    await scene.run(['run', 'people.csv']);
    await scene.run(['continue', batch]);
    await scene.run(['cancel', batch, '--no-invite', '--yes']);
    const worker = scene.start(['worker']);
    await waitFor(async () => (await scene.run(['status', batch])).stdout.includes('cancelled,'));
    worker.send('SIGTERM');
    await worker.ended;
    await scene.run(['retry', batch, '--email', 'p1@example.com', 'p2@example.com']);
    await scene.run(['submit', 'people.csv']);
    await scene.run(['cancel', 'ana@example.com', '--yes']);

    const entries = await logOf(scene);
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
    expect(await logOf(scene, batch, '--limit', '2')).toEqual(entries.slice(0, 2));

    const shown = await scene.run(['log']);
    expect(shown.stdout).toMatch(/^TIME +ACTION +BATCH +END +WHO +DETAILS\n/);
    expect(shown.stdout).toMatch(/ pause +- +done +release job 7 \(\S+\) on /);
    const redis = new Redis(inject('redisUrl'));
    onRelease(() => redis.disconnect());
    const kept = JSON.stringify(await redis.xrange(`${scene.prefix}:log`, '-', '+'));
    expect(kept).toContain('release job 7');
    for (const secret of ['@example.com', TEST_KEY]) expect(kept).not.toContain(secret);
  },
  TIMEOUT_MS,
);

test(
  'a command that is killed leaves its beginning, one that is refused its code',
  async () => {
    const scene = await openScene({ sandbox: { latencyMs: 100 } });
    await scene.write('people.csv', peopleCsv(30_000));
    const submit = scene.start(['submit', 'people.csv']);
    const entries = await waitFor(async () => {
      const found = await logOf(scene);
      return found.length > 0 ? found : undefined;
    });
    submit.send('SIGKILL');
    await submit.ended;
    expect(entries).toMatchObject([{ action: 'submit', outcome: 'begun', code: null }]);
    const refused = await scene.run(['retry', entries[0].batch]);
    expect(refused.stderr).toContain('E_BATCH_STATE');
    expect((await logOf(scene))[0]).toMatchObject({
      action: 'retry',
      outcome: 'failed',
      code: 'E_BATCH_STATE',
    });
    expect((await scene.run(['log'])).stdout).toContain('no end known');
  },
  TIMEOUT_MS,
);

test('wrong use of log is told', async () => {
  const scene = await openScene();
  const nothing = await scene.run(['log']);
  expect([nothing.code, nothing.stdout]).toEqual([0, 'nothing was done yet\n']);
  const unknown = await scene.run(['log', 'b000000000000']);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('E_BATCH_UNKNOWN')]);
  const limit = await scene.run(['log', '--limit', '0']);
  expect([limit.code, limit.stderr]).toEqual([2, expect.stringContaining('--limit 0')]);
});
