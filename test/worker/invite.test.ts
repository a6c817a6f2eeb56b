import { expect, test } from 'vitest';
import { gates } from '../../src/gates.ts';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { releaseStuck } from '../../src/ledger/invites/invite-part.ts';
import { noteInviteAccepted, noteInviteSending } from '../../src/ledger/invites/invites.ts';
import { bitmapOf } from '../../src/ledger/rows/bitmap.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { done, snooze, waitForChildren } from '../../src/worker/outcome.ts';
import { html, shapeA, shapeB } from '../portal/answers.ts';
import type { Fault, Plan } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

const limited = { status: 429, headers: { 'retry-after': '3' }, body: '' };

/** A batch of three: two created, one failed, nobody invited yet. */
async function settled(plan?: Plan): Promise<HandlerCase> {
  const at = await openCase({ rows: people(3), ...(plan === undefined ? {} : { plan }) });
  await at.created(0, 2);
  await fail(at, 1);
  return at;
}

async function fail(at: HandlerCase, row: number): Promise<void> {
  const ref = { batch: at.batch, round: 1, row };
  await settleRow(at.stage.ledger, ref, { state: 'failed', outcome: { code: 'bad-request' } });
}

/** Fails the first request with the fault, and passes the others. */
function once(fault: Fault): Plan {
  let left = 1;
  return () => (left-- > 0 ? fault : undefined);
}

const invitees = (at: HandlerCase) =>
  at.stage.sandbox.state().acceptedInvites.map((request) => request.emails);

test('one request invites exactly the created accounts, with the role that was asked for', async () => {
  const at = await settled();
  expect(await at.invite()).toEqual(done('invited 2'));
  expect(invitees(at)).toEqual([['p0@example.com', 'p2@example.com']]);
  expect(JSON.parse(at.stage.asked[0]?.body ?? '')).toEqual({
    invitations: [
      { email: 'p0@example.com', type: 'All' },
      { email: 'p2@example.com', type: 'All' },
    ],
  });
  const report = { state: 'finished', invited: 2, inviteRequests: 1, created: 2, failed: 1 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('nobody created means no request, and the batch is finished', async () => {
  const at = await openCase({ rows: people(2) });
  await fail(at, 0);
  await fail(at, 1);
  expect(await at.invite()).toEqual(done('invited 0'));
  expect(at.stage.asked).toEqual([]);
  const report = { state: 'finished', invited: 0, inviteRequests: 0 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('a finished batch is not invited again', async () => {
  const at = await settled();
  await at.invite();
  expect(await at.invite()).toEqual(done('finished before'));
  expect(at.stage.asked).toHaveLength(1);
});

test.each<[string, Fault]>([
  ['lost after it was carried out', { after: 'reset' }],
  ['lost on the way', { before: 'reset' }],
  ['answered by a broken proxy', { after: html(504) }],
])('a request that was %s is sent again, and the report counts both', async (_, fault) => {
  const at = await settled(once(fault));
  const { job, queues } = await at.invite();
  expect(queues?.kind ?? job.kind).toMatch(/retry|outage/);
  expect((await at.stage.report(at.batch)).state).toBe('inviting');
  expect(await at.invite()).toMatchObject({ job: { kind: 'done' } });
  const report = { inviteRequests: 2, unansweredInvites: 1, invited: 2 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('a request that is never answered stops this invite alone and advises smaller ones', async () => {
  let left = 4;
  const at = await settled(() => (left-- > 0 ? { after: 'reset' } : undefined));
  for (let times = 3; times > 0; times -= 1) {
    expect(await at.invite()).toMatchObject({ job: { kind: 'retry' } });
  }
  expect(await at.invite()).toEqual(snooze());
  const { state, hold, gate } = await at.stage.report(at.batch);
  expect({ state, hold, gate: gate?.code }).toEqual({
    state: 'inviting',
    hold: null,
    gate: 'invite-unanswered',
  });
  expect(gates['invite-unanswered'].remedy).toContain('--invite-size');
  expect(await at.invite()).toEqual(snooze(at.deps.timings.gatePollMs));
  await releaseStuck(at.stage.ledger, at.batch);
  expect(await at.invite()).toMatchObject({ job: { kind: 'done' } });
  const report = { inviteRequests: 5, unansweredInvites: 4, invited: 2 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('somebody whom the portal names as refused is left out, and the others are invited', async () => {
  const refusal = shapeA(400, 'User disabled: P2@example.com', 'System.ArgumentException');
  const at = await settled(once({ before: refusal }));
  expect(await at.invite()).toEqual(snooze());
  const [, , row] = await at.stage.rows(at.batch);
  expect(row).toMatchObject({ email: 'p2@example.com', state: 'created', invited: false });
  expect(row).toMatchObject({ code: 'not-invitable' });
  expect(row?.reason).toContain('Invitation refused.');
  expect(await at.invite()).toEqual(done('invited 1'));
  expect(invitees(at)).toEqual([['p0@example.com']]);
  const report = { state: 'finished', invited: 1, notInvitable: 1 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('an entry that the portal names by its place is found too', async () => {
  const at = await settled(once({ before: shapeB({ 'Invitations[1].Email': ['bad'] }) }));
  await at.invite();
  const [, , row] = await at.stage.rows(at.batch);
  expect(row).toMatchObject({ email: 'p2@example.com', code: 'not-invitable' });
});

test('with an invite size, one part is sent a start, and everybody stands in one', async () => {
  const at = await openCase({ rows: people(5) });
  await at.created(0, 1, 2, 3, 4);
  const { redis, keys } = at.stage.ledger;
  await redis.hset(keys.record(at.batch), 'inviteSize', 2);
  const kinds: string[] = [];
  for (let starts = 3; starts > 0; starts -= 1) kinds.push((await at.invite()).job.kind);
  expect(kinds).toEqual(['snooze', 'snooze', 'done']);
  expect(invitees(at)).toEqual([
    ['p0@example.com', 'p1@example.com'],
    ['p2@example.com', 'p3@example.com'],
    ['p4@example.com'],
  ]);
  expect(await at.stage.report(at.batch)).toMatchObject({ invited: 5, inviteRequests: 3 });
});

test.each<[string, Fault, object]>([
  ['a 429', { before: limited }, { queues: { kind: 'slow-down', waitMs: 3000 } }],
  [
    'a lost race',
    { before: shapeA(403, 'User already exist.', 'System.InvalidOperationException') },
    { job: { kind: 'retry', code: 'user-already-exists' } },
  ],
])('%s surely did nothing: one accepted request in the end, counted once', async (...given) => {
  const [, fault, outcome] = given;
  const at = await settled(once(fault));
  expect(await at.invite()).toMatchObject(outcome);
  expect(await at.invite()).toMatchObject({ job: { kind: 'done' } });
  expect(await at.stage.report(at.batch)).toMatchObject({ inviteRequests: 1, invited: 2 });
});

test('rows that are still pending send the parent back to wait for them', async () => {
  const at = await openCase({ rows: people(2) });
  await at.created(0);
  expect(await at.invite()).toEqual(waitForChildren);
  expect(at.stage.asked).toEqual([]);
});

test("one portal's batch is not invited by a worker of another", async () => {
  const at = await openCase({ deps: { portalOrigin: 'https://other.example' } });
  await at.created(0);
  expect(await at.invite()).toMatchObject({
    queues: { kind: 'hold', hold: { code: 'other-portal' } },
  });
  expect(at.stage.asked).toEqual([]);
});

test('killed before the request was noted, one request is sent', async () => {
  const at = await settled();
  await at.stage.ledger.redis.hset(at.stage.ledger.keys.record(at.batch), 'state', 'inviting');
  await at.invite();
  expect(await at.stage.report(at.batch)).toMatchObject({ inviteRequests: 1, invited: 2 });
});

test("killed between 'sending' and 'sent', it is sent again, and the report says so", async () => {
  const at = await settled();
  const { ledger } = at.stage;
  await noteInviteSending(ledger, await readBatch(ledger, at.batch), 2);
  await at.invite();
  expect(invitees(at)).toEqual([['p0@example.com', 'p2@example.com']]);
  expect(await at.stage.report(at.batch)).toMatchObject({ inviteRequests: 2, invited: 2 });
});

test("killed after 'sent', nothing more is sent", async () => {
  const at = await settled();
  const { ledger } = at.stage;
  await noteInviteSending(ledger, await readBatch(ledger, at.batch), 2);
  await noteInviteAccepted(ledger, at.batch, bitmapOf([0, 2]));
  expect(await at.invite()).toEqual(done('invited 0'));
  expect(at.stage.asked).toEqual([]);
  const report = { state: 'finished', inviteRequests: 1, invited: 2 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});
