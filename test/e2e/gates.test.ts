import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const LIMITS = { requestsPerMinute: 0, writesPerDay: 0, invitationsPerDay: 5 };
const RAISED = { limits: { invitationsPerDay: 0 } };

/** A run of eight people on a portal that allows five invitations a day. */
async function tooBig(): Promise<Stage> {
  const stage = await openStage({ sandbox: { limits: LIMITS } });
  stage.write('people.csv', peopleCsv(8));
  const run = await stage.run(['run', 'people.csv', '--batch', 'staff']);
  expect([run.code, run.stdout]).toEqual([4, expect.stringContaining('the invite is stopped')]);
  expect(run.stdout).toContain('allows 5 invitations a day, and the request holds 8');
  expect(run.stdout).toContain('onboard invite staff');
  return stage;
}

const sent = ({ sandbox }: Stage) => {
  const { acceptedInvites, refusedInvites } = sandbox.state();
  return [...acceptedInvites, ...refusedInvites].map(({ emails }) => emails.length);
};

test('--invite-size after a stop is in force for the first request after it', async () => {
  const stage = await tooBig();
  stage.sandbox.setFaults(RAISED);
  const run = await stage.run(['run', 'people.csv', '--batch', 'staff', '--invite-size', '3']);
  expect(run.stderr).toContain('changed: --invite-size is 3, was not given');
  expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('8 invited in 3 requests')]);
  expect(sent(stage)).toEqual([3, 3, 2]);
});

test('an invite that the portal does not take stops no other batch', async () => {
  const stage = await tooBig();
  stage.sandbox.setFaults(RAISED);
  stage.write('others.csv', peopleCsv(2, 50));
  const other = await stage.run(['run', 'others.csv', '--batch', 'others']);
  expect([other.code, other.stdout]).toEqual([0, expect.stringContaining('2 invited')]);
  const status = await stage.run(['status', 'staff', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    hold: null,
    gate: { code: 'invite-too-big', until: null },
    gateDetail: expect.stringContaining('5 invitations a day'),
  });
});

test('run at such a gate says what to do, and with --resume tries again', async () => {
  const stage = await tooBig();
  const again = await stage.run(['run', 'people.csv', '--batch', 'staff']);
  expect([again.code, again.stdout]).toEqual([4, expect.stringContaining('what to do:')]);
  expect(sent(stage)).toEqual([]);
  stage.sandbox.setFaults(RAISED);
  const resumed = await stage.run(['run', 'people.csv', '--batch', 'staff', '--resume']);
  expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('8 invited')]);
});

test('a run under the hold of a colleague changes no option and makes no group', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  await stage.run(['submit', 'people.csv', '--batch', 'staff', '--hold-invite']);
  await stage.run(['pause']);
  const options = ['--invite-size', '1', '--groups', 'create', '--group', 'Neu'];
  const run = await stage.run(['run', 'people.csv', '--batch', 'other', ...options]);
  expect([run.code, run.stderr]).toEqual([4, expect.stringContaining('E_HELD: nothing was')]);
  expect(stage.sandbox.state().groups).toEqual([]);
  const sized = ['run', 'people.csv', '--batch', 'staff', '--invite-size', '1'];
  expect((await stage.run(sized)).code).toBe(4);
  const record = stage.ledger.keys.record('staff');
  expect(await stage.redis.hget(record, 'inviteSize')).toBeNull();
});
