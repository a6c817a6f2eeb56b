import { expect, test } from 'vitest';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

/** Slow enough for a second terminal to act in the middle of the batch. */
const SLOW = { sandbox: { latencyMs: 150 }, env: { ONBOARD_CONCURRENCY: '2' } };

async function submitted(stage: Stage, people: number, ...flags: string[]): Promise<string> {
  stage.write('people.csv', peopleCsv(people));
  const ended = await stage.run(['submit', 'people.csv', ...flags]);
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('accepted')]);
  return ended.stdout.trim();
}

test('a pause from any terminal stops all workers, and resume lets them continue', async () => {
  const stage = await openStage(SLOW);
  await Promise.all([stage.worker(), stage.worker()]);
  const batch = await submitted(stage, 80);
  await untilCreated(stage.sandbox, 10);
  const paused = await stage.run(['pause']);
  expect([paused.code, paused.stdout]).toEqual([0, expect.stringContaining('held (paused)')]);
  await waitFor(async () => {
    const before = createdOn(stage.sandbox).length;
    await stage.run(['status']);
    return createdOn(stage.sandbox).length === before;
  });
  expect((await stage.report(batch)).hold).toBe('paused');
  await stage.worker();
  expect((await stage.report(batch)).hold).toBe('paused');
  expect((await stage.run(['resume'])).stdout).toContain('lifted (paused)');
  const { lifted } = JSON.parse((await stage.run(['resume', '--json'])).stdout);
  expect(lifted).toBeNull();
  const { held } = JSON.parse((await stage.run(['pause', '--json'])).stdout);
  expect(held).toMatchObject({ code: 'paused', since: expect.stringMatching(/^20/) });
  expect((await stage.run(['resume', '--json'])).stdout).toContain('"code":"paused"');
  expect(await stage.until(batch, 'finished')).toMatchObject({ created: 80, invited: 80 });
  expectEverybodyOnce(stage.sandbox, 80);
});

test('cancel says what it means, asks, and invites who was created', async () => {
  const stage = await openStage(SLOW);
  await stage.worker();
  const batch = await submitted(stage, 100);
  await untilCreated(stage.sandbox, 10);
  const asked = await stage.run(['cancel', batch]);
  expect([asked.code, asked.stderr]).toEqual([
    2,
    expect.stringMatching(/people will not be created.*--yes/),
  ]);
  const cancelled = await stage.run(['cancel', batch, '--yes', '--json']);
  expect(cancelled.code).toBe(0);
  expect(JSON.parse(cancelled.stdout).cancelled).toBeGreaterThan(0);
  const end = await stage.until(batch, 'cancelled');
  expect(end.created + end.cancelled).toBe(100);
  expect(end.invited).toBe(end.created);
  expectEverybodyOnce(stage.sandbox, end.created);
  const again = await stage.run(['cancel', batch, '--yes']);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('E_BATCH_STATE')]);
});

test('two terminals: two retries at once, and a cancel during them, leave one clear end', async () => {
  const stage = await openStage({ sandbox: { faults: { create: { race403: 1 } } } });
  const worker = await stage.worker();
  stage.write('people.csv', peopleCsv(40));
  const env = { ONBOARD_ATTEMPTS: '1' };
  const first = await stage.run(['submit', 'people.csv', '--max-failures', '100'], { env });
  const batch = first.stdout.trim();
  expect(await stage.until(batch, 'finished')).toMatchObject({ failed: 40, created: 0 });
  stage.sandbox.setFaults({ create: { race403: 0 }, latencyMs: 40 });
  const retries = await Promise.all([stage.run(['retry', batch]), stage.run(['retry', batch])]);
  // The second retry finds the round of the first, or, after its end, nobody left.
  const tried = retries.filter(({ stdout }) => stdout.includes('retrying 40 people'));
  expect(tried).toHaveLength(1);
  const cancelled = await stage.run(['cancel', batch, '--yes']);
  const end = await stage.until(batch, ({ state }) => ['cancelled', 'finished'].includes(state));
  expect([0, 1]).toContain(cancelled.code);
  expect(end).toMatchObject({ pending: 0, invited: end.created });
  expect(end.created + end.cancelled + end.failed).toBe(40);
  const invited = stage.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
  expect(invited.sort()).toEqual(createdOn(stage.sandbox).sort());
  expect(worker.stderr).not.toContain('E_INTERNAL');
});

test('retry picks by reason and by person', async () => {
  const stage = await openStage({ sandbox: { faults: { create: { race403: 1 } } } });
  await stage.worker();
  stage.write('people.csv', peopleCsv(5));
  const env = { ONBOARD_ATTEMPTS: '1' };
  const batch = (await stage.run(['submit', 'people.csv'], { env })).stdout.trim();
  await stage.until(batch, 'finished');
  stage.sandbox.setFaults({ reset: true });
  const none = await stage.run(['retry', batch, '--reason', 'bad-request']);
  expect(none.stdout).toMatch(/^nobody matched: nothing was changed\nbatch b\w+: finished/);
  const wrong = await stage.run(['retry', batch, '--reason', 'bad-reqest', 'timeout']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('bad-reqest; known are')]);
  const one = await stage.run(['retry', batch, '--email', 'P3@example.com', 'zoe@example.org']);
  expect(one.stderr).toContain(
    '1 address is of nobody who failed in this batch: z***@example.org\n',
  );
  expect(one.stdout).toContain('retrying 1 person');
  expect(await stage.until(batch, 'finished')).toMatchObject({ created: 1, failed: 4 });
  const rest = await stage.run(['retry', batch, '--reason', 'user-already-exists']);
  expect(rest.stdout).toContain('retrying 4 people');
  expect(await stage.until(batch, 'finished')).toMatchObject({ created: 5, invited: 5 });
});

test('a canary in one process, continued by another', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(30));
  const canary = await stage.run(['run', 'people.csv', '--limit', '3']);
  expect([canary.code, canary.stdout]).toEqual([0, expect.stringContaining('onboard continue b')]);
  expect(createdOn(stage.sandbox)).toHaveLength(3);
  const batch = /batch (b\w+)/.exec(canary.stdout)?.[1] ?? '';
  const continued = await stage.run(['continue', batch]);
  expect(continued.stdout).toContain('continuing with 27 people');
  expect(continued.stderr).toContain('no worker is running');
  await stage.worker();
  const end = await stage.until(batch, 'finished');
  expect(end).toMatchObject({ created: 30, invited: 30, inviteRequests: 2 });
});

test('a held-back invite ends run with 0, and invite releases it; a pause in between holds it', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(5));
  const ran = await stage.run(['run', 'people.csv', '--hold-invite']);
  expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('onboard invite b')]);
  expect(stage.sandbox.state().acceptedInvites).toEqual([]);
  const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
  await stage.worker();
  await stage.run(['pause']);
  expect((await stage.run(['invite', batch])).stdout).toContain('the invite is sent now');
  expect(await stage.report(batch)).toMatchObject({ state: 'inviting', hold: 'paused' });
  await stage.run(['resume']);
  expect(await stage.until(batch, 'finished')).toMatchObject({ invited: 5, inviteRequests: 1 });
  expect((await stage.run(['invite', batch])).stdout).toContain('nobody is left to invite');
});

test('a pause during the invite lets the request end, and the next part waits', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 700 } });
  stage.write('people.csv', peopleCsv(4));
  await stage.worker();
  const submitted = await stage.run(['submit', 'people.csv', '--invite-size', '2']);
  const batch = submitted.stdout.trim();
  await stage.until(batch, 'inviting');
  const paused = await stage.run(['pause']);
  expect(paused.stdout).toContain('held (paused)');
  const half = await stage.until(batch, ({ invited }) => invited > 0);
  expect(half).toMatchObject({ state: 'inviting', hold: 'paused', invited: 2 });
  await stage.run(['resume']);
  expect(await stage.until(batch, 'finished')).toMatchObject({ invited: 4, inviteRequests: 2 });
  expectEverybodyInvitedOnce(stage);
});

function expectEverybodyInvitedOnce(stage: Stage): void {
  const invited = stage.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
  expect(invited.sort()).toEqual(createdOn(stage.sandbox).sort());
}

test.each([
  [['--limit', '0'], /^E_USAGE: option '--limit <\w+>' argument '0' is invalid\. Give /],
  [
    ['--invite-at', 'friday'],
    /^E_USAGE: option '--invite-at <\w+>' argument 'friday' is invalid\. Give /,
  ],
  [
    ['--min-created', '101'],
    /^E_USAGE: option '--min-created <\w+>' argument '101' is invalid\. Give /,
  ],
  [
    ['--invite-size', 'x'],
    /^E_USAGE: option '--invite-size <\w+>' argument 'x' is invalid\. Give /,
  ],
  [
    ['--max-failures', '-1%'],
    /^E_USAGE: option '--max-failures <\w+>' argument '-1%' is invalid\. Give /,
  ],
])('%j is a usage error that names the flag', async (flags, named) => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(1));
  const ended = await stage.run(['submit', 'people.csv', ...flags]);
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(named)]);
});

test.each(['cancel', 'retry', 'continue', 'invite'])(
  '%s of an unknown batch is one clear error',
  async (verb) => {
    const stage = await openStage();
    const ended = await stage.run([verb, 'b000000000000', ...(verb === 'cancel' ? ['--yes'] : [])]);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('E_BATCH_UNKNOWN')]);
  },
);
