import { expect, test } from 'vitest';
import { mostInvitees } from '../../src/ledger/invites/invites.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { call } from '../sandbox/support.ts';
import { people } from '../support/people.ts';
import { TEST_KEY } from '../support/stage.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

const OFF = { requestsPerMinute: 0, writesPerDay: 0 };

/** Created people on a portal with this many invitations left. */
async function limited(count: number, invitationLimit: number, permissions?: string[]) {
  const keys = permissions === undefined ? {} : { keys: [{ key: TEST_KEY, permissions }] };
  const sandbox = { limits: { ...OFF, invitationLimit }, ...keys };
  const at = await openCase({ rows: people(count), sandbox });
  for (let row = 0; row < count; row += 1) await at.createUser(row);
  return at;
}

async function sizes(at: HandlerCase): Promise<number[]> {
  for (let starts = 0; starts < 20; starts += 1) {
    const { job } = await at.invite();
    if (job.kind === 'done' || (job.kind === 'snooze' && job.delayMs > 0)) break;
  }
  return at.stage.sandbox.state().acceptedInvites.map(({ emails }) => emails.length);
}

test('with four invitations left ten people are invited in parts of four, and none is used up', async () => {
  const at = await limited(10, 4);
  expect(await sizes(at)).toEqual([4, 4, 2]);
  expect(await at.stage.report(at.batch)).toMatchObject({ state: 'finished', invited: 10 });
  expect(at.stage.sandbox.state().refusedInvites).toHaveLength(1);
});

test('a key that may not read how many are left halves the parts until they fit', async () => {
  const at = await limited(10, 3, ['accounts:write', 'accounts.self:read']);
  expect(await sizes(at)).toEqual([2, 2, 2, 2, 2]);
  expect(await at.stage.report(at.batch)).toMatchObject({ state: 'finished', invited: 10 });
});

test('without an invitation left the invite waits, is tried again by itself, and creations continue', async () => {
  const at = await limited(2, 1);
  const invitations = [{ email: 'somebody@example.com', type: 'User' }];
  await call(at.stage.sandbox, 'POST /people/invite', { body: { invitations } });
  expect(await at.invite()).toEqual(snooze(at.deps.timings.gatePollMs));
  const waiting = await at.stage.report(at.batch);
  expect(waiting).toMatchObject({ hold: null, gate: { code: 'invitation-limit' } });
  expect(Date.parse(waiting.gate?.until ?? '')).toBeGreaterThan(Date.now());
  at.stage.sandbox.setFaults({ limits: { invitationLimit: 9 } });
  const record = at.stage.ledger.keys.record(at.batch);
  const stuck = { code: 'invitation-limit', until: Date.now() - 1 };
  await at.stage.redis.hset(record, 'stuck', JSON.stringify(stuck));
  expect(await at.invite()).toEqual(done('invited 2'));
  expect(await at.stage.report(at.batch)).toMatchObject({ state: 'finished', gate: null });
});

test('an invite of more than 20,000 people is cut, unless one request is asked for', () => {
  expect([undefined, 500, 0].map(mostInvitees)).toEqual([20_000, 500, Number.POSITIVE_INFINITY]);
});
