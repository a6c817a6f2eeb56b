import { expect, test } from 'vitest';
import {
  createdOn,
  openScene,
  peopleCsv,
  type Running,
  type Scene,
  untilCreated,
} from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

/** Slow enough that a second terminal comes in the middle of it. */
const SLOW = { sandbox: { latencyMs: 150 }, env: { ONBOARD_CONCURRENCY: '2' } };

/** Each of these starts ten processes and more. */
const TIMEOUT_MS = 90_000;

async function startWorker(scene: Scene): Promise<Running> {
  const worker = scene.start(['worker']);
  await waitFor(() => worker.stderr.includes('worker ready'));
  return worker;
}

async function submitted(scene: Scene, people: number, ...flags: string[]): Promise<string> {
  await scene.write('people.csv', peopleCsv(people));
  const ended = await scene.run(['submit', 'people.csv', ...flags]);
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('accepted')]);
  return ended.stdout.trim();
}

async function statusOf(scene: Scene, batch: string) {
  return JSON.parse((await scene.run(['status', batch, '--json'])).stdout);
}

const until = (scene: Scene, batch: string, state: string) =>
  waitFor(async () => {
    const report = await statusOf(scene, batch);
    return report.state === state ? report : undefined;
  });

test(
  'a pause from any terminal stops all workers, and resume goes on',
  async () => {
    const scene = await openScene(SLOW);
    await Promise.all([startWorker(scene), startWorker(scene)]);
    const batch = await submitted(scene, 80);
    await untilCreated(scene.sandbox, 10);
    const paused = await scene.run(['pause']);
    expect([paused.code, paused.stdout]).toEqual([0, expect.stringContaining('held (paused)')]);
    await waitFor(async () => {
      const before = createdOn(scene.sandbox).length;
      await scene.run(['status']);
      return createdOn(scene.sandbox).length === before;
    });
    expect((await statusOf(scene, batch)).hold).toBe('paused');
    await startWorker(scene);
    expect((await statusOf(scene, batch)).hold).toBe('paused');
    expect((await scene.run(['resume'])).stdout).toContain('lifted (paused)');
    const { lifted } = JSON.parse((await scene.run(['resume', '--json'])).stdout);
    expect(lifted).toBeNull();
    const { held } = JSON.parse((await scene.run(['pause', '--json'])).stdout);
    expect(held).toMatchObject({ code: 'paused', since: expect.stringMatching(/^20/) });
    expect((await scene.run(['resume', '--json'])).stdout).toContain('"code":"paused"');
    expect(await until(scene, batch, 'finished')).toMatchObject({ created: 80, invited: 80 });
    expectEverybodyOnce(scene.sandbox, 80);
  },
  TIMEOUT_MS,
);

test(
  'cancel says what it means, asks, and invites who was created',
  async () => {
    const scene = await openScene(SLOW);
    await startWorker(scene);
    const batch = await submitted(scene, 100);
    await untilCreated(scene.sandbox, 10);
    const asked = await scene.run(['cancel', batch]);
    expect([asked.code, asked.stderr]).toEqual([
      2,
      expect.stringMatching(/people are not created.*--yes/),
    ]);
    const cancelled = await scene.run(['cancel', batch, '--yes', '--json']);
    expect(cancelled.code).toBe(0);
    expect(JSON.parse(cancelled.stdout).cancelled).toBeGreaterThan(0);
    const end = await until(scene, batch, 'cancelled');
    expect(end.created + end.cancelled).toBe(100);
    expect(end.invited).toBe(end.created);
    expectEverybodyOnce(scene.sandbox, end.created);
    const again = await scene.run(['cancel', batch, '--yes']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('E_BATCH_STATE')]);
  },
  TIMEOUT_MS,
);

test(
  'two terminals: two retries at once, and a cancel during them, leave one clear end',
  async () => {
    const scene = await openScene({ sandbox: { faults: { create: { race403: 1 } } } });
    const worker = await startWorker(scene);
    await scene.write('people.csv', peopleCsv(40));
    const env = { ONBOARD_ATTEMPTS: '1' };
    const first = await scene.run(['submit', 'people.csv', '--max-failures', '100'], { env });
    const batch = first.stdout.trim();
    expect(await until(scene, batch, 'finished')).toMatchObject({ failed: 40, created: 0 });
    scene.sandbox.setFaults({ create: { race403: 0 }, latencyMs: 40 });
    const retries = await Promise.all([scene.run(['retry', batch]), scene.run(['retry', batch])]);
    // The second one finds the round of the first, or, when that is over, nobody left.
    const tried = retries.filter(({ stdout }) => stdout.includes('trying 40 people again'));
    expect(tried).toHaveLength(1);
    const cancelled = await scene.run(['cancel', batch, '--yes']);
    const end = await waitFor(async () => {
      const report = await statusOf(scene, batch);
      return ['cancelled', 'finished'].includes(report.state) ? report : undefined;
    });
    expect([0, 1]).toContain(cancelled.code);
    expect(end).toMatchObject({ pending: 0, invited: end.created });
    expect(end.created + end.cancelled + end.failed).toBe(40);
    const invited = scene.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
    expect(invited.sort()).toEqual(createdOn(scene.sandbox).sort());
    expect(worker.stderr).not.toContain('E_INTERNAL');
  },
  TIMEOUT_MS,
);

test(
  'retry picks by reason and by person',
  async () => {
    const scene = await openScene({ sandbox: { faults: { create: { race403: 1 } } } });
    await startWorker(scene);
    await scene.write('people.csv', peopleCsv(5));
    const env = { ONBOARD_ATTEMPTS: '1' };
    const batch = (await scene.run(['submit', 'people.csv'], { env })).stdout.trim();
    await until(scene, batch, 'finished');
    scene.sandbox.setFaults({ reset: true });
    const none = await scene.run(['retry', batch, '--reason', 'bad-request']);
    expect(none.stdout).toContain('nobody to try again');
    const one = await scene.run(['retry', batch, '--email', 'P3@example.com']);
    expect(one.stdout).toContain('trying 1 person again');
    expect(await until(scene, batch, 'finished')).toMatchObject({ created: 1, failed: 4 });
    const rest = await scene.run(['retry', batch, '--reason', 'user-already-exists']);
    expect(rest.stdout).toContain('trying 4 people again');
    expect(await until(scene, batch, 'finished')).toMatchObject({ created: 5, invited: 5 });
  },
  TIMEOUT_MS,
);

test(
  'a canary in one process, continued by another',
  async () => {
    const scene = await openScene();
    await scene.write('people.csv', peopleCsv(30));
    const canary = await scene.run(['run', 'people.csv', '--limit', '3']);
    expect([canary.code, canary.stdout]).toEqual([
      0,
      expect.stringContaining('onboard continue b'),
    ]);
    expect(createdOn(scene.sandbox)).toHaveLength(3);
    const batch = /batch (b\w+)/.exec(canary.stdout)?.[1] ?? '';
    const continued = await scene.run(['continue', batch]);
    expect(continued.stdout).toContain('going on with 27 people');
    expect(continued.stderr).toContain('no worker is running');
    await startWorker(scene);
    const end = await until(scene, batch, 'finished');
    expect(end).toMatchObject({ created: 30, invited: 30, inviteRequests: 2 });
  },
  TIMEOUT_MS,
);

test(
  'a held-back invite ends run with 0, and invite lets it go; a pause in between holds it',
  async () => {
    const scene = await openScene();
    await scene.write('people.csv', peopleCsv(5));
    const ran = await scene.run(['run', 'people.csv', '--hold-invite']);
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('onboard invite b')]);
    expect(scene.sandbox.state().acceptedInvites).toEqual([]);
    const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
    await startWorker(scene);
    await scene.run(['pause']);
    expect((await scene.run(['invite', batch])).stdout).toContain('the invite is sent now');
    expect(await statusOf(scene, batch)).toMatchObject({ state: 'inviting', hold: 'paused' });
    await scene.run(['resume']);
    expect(await until(scene, batch, 'finished')).toMatchObject({ invited: 5, inviteRequests: 1 });
    expect((await scene.run(['invite', batch])).stdout).toContain('nobody is left to invite');
  },
  TIMEOUT_MS,
);

test(
  'a pause during the invite lets the request end, and the next part waits',
  async () => {
    const scene = await openScene({ sandbox: { latencyMs: 3500 } });
    await scene.write('people.csv', peopleCsv(4));
    await startWorker(scene);
    const submitted = await scene.run(['submit', 'people.csv', '--invite-size', '2']);
    const batch = submitted.stdout.trim();
    await until(scene, batch, 'inviting');
    const paused = await scene.run(['pause']);
    expect(paused.stdout).toContain('held (paused)');
    const half = await waitFor(async () => {
      const report = await statusOf(scene, batch);
      return report.invited > 0 ? report : undefined;
    });
    expect(half).toMatchObject({ state: 'inviting', hold: 'paused', invited: 2 });
    await scene.run(['resume']);
    expect(await until(scene, batch, 'finished')).toMatchObject({ invited: 4, inviteRequests: 2 });
    expectEverybodyInvitedOnce(scene);
  },
  TIMEOUT_MS,
);

function expectEverybodyInvitedOnce(scene: Scene): void {
  const invited = scene.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
  expect(invited.sort()).toEqual(createdOn(scene.sandbox).sort());
}

test.each([
  [['--limit', '0'], '--limit 0'],
  [['--invite-at', 'friday'], '--invite-at friday'],
  [['--min-created', '101'], '--min-created 101'],
  [['--invite-size', 'x'], '--invite-size x'],
  [['--max-failures', '-1%'], '--max-failures -1%'],
])(
  '%j is a usage error that names the flag',
  async (flags, named) => {
    const scene = await openScene();
    await scene.write('people.csv', peopleCsv(1));
    const ended = await scene.run(['submit', 'people.csv', ...flags]);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(named)]);
  },
  TIMEOUT_MS,
);

test.each(['cancel', 'retry', 'continue', 'invite'])(
  '%s of an unknown batch is one clear error',
  async (verb) => {
    const scene = await openScene();
    const ended = await scene.run([verb, 'b000000000000', ...(verb === 'cancel' ? ['--yes'] : [])]);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('E_BATCH_UNKNOWN')]);
  },
);
