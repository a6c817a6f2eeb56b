import { expect, test } from 'vitest';
import { admitUser, createUser } from '../../src/worker/create/create-user.ts';
import { NotNow } from '../../src/worker/limits/turns.ts';
import { done, fail, putBack, retry, snooze } from '../../src/worker/outcome.ts';
import { envelope, html, shapeA, shapeB, shapeC } from '../portal/answers.ts';
import { openClient } from '../portal/fake-portal.ts';
import type { Fault } from '../support/faulty-portal.ts';
import { firstAttempt, openCase } from './handler-case.ts';

const limited = { status: 429, headers: { 'retry-after': '7' }, body: '' };
const lastAttempt = { number: 4, isLast: true };

test('a new account settles the row with its id on the portal and the attempt', async () => {
  const at = await openCase();
  expect(await at.createUser(0, { number: 3 })).toEqual(done('created'));
  const [account] = at.stage.sandbox.state().accounts;
  expect(await at.outcome()).toEqual({ portalId: account?.id, attempts: 3 });
  expect(await at.states()).toEqual(['created']);
  expect(at.stage.asked.map((one) => one.what)).toEqual(['POST /people']);
});

test('an account with another role than asked is created, and listed with its role', async () => {
  const dto = { id: 'x1', email: 'p0@example.com', isRoomAdmin: true };
  const at = await openCase({ plan: () => ({ before: envelope(dto) }) });
  await at.createUser();
  expect(await at.outcome()).toEqual({ portalId: 'x1', attempts: 1, role: 'RoomAdmin' });
  const [row] = await at.stage.rows(at.batch);
  const reason = 'The account is a RoomAdmin where a User was asked for.';
  expect(row).toMatchObject({ state: 'created', code: 'role-differs', reason });
  expect(await at.stage.report(at.batch)).toMatchObject({ failed: 0, otherRole: 1 });
});

test.each<[string, Fault, object, object]>([
  [
    'a refusal',
    { before: shapeA(400, 'bad name', 'System.ArgumentException') },
    { kind: 'refused', code: 'bad-request' },
    fail('bad-request'),
  ],
  [
    'an invalid field',
    { before: shapeB({ Email: ['no'] }) },
    { kind: 'refused', code: 'invalid-field' },
    fail('invalid-field'),
  ],
  [
    'a lost race',
    { before: shapeA(403, 'User already exist.', 'System.InvalidOperationException') },
    { kind: 'conflict', code: 'user-already-exists' },
    retry('user-already-exists'),
  ],
])('%s leaves a doubt, which a lookup settles in the same start', async (...given) => {
  const [, fault, doubt, end] = given;
  const seen: unknown[] = [];
  const at = await openCase({
    plan: async ({ what }) => {
      if (what === 'POST /people') return fault;
      seen.push((await at.outcome()).doubt);
      return undefined;
    },
  });
  expect(await at.createUser()).toEqual(end);
  expect(seen).toMatchObject([doubt]);
});

test('a worker that closes between both requests leaves the lookup to the next start', async () => {
  const at = await openCase({
    plan: ({ what }) => {
      if (what !== 'POST /people') return undefined;
      at.deps.limits.close();
      return { before: shapeB({ Email: ['no'] }) };
    },
  });
  await expect(at.createUser()).rejects.toBeInstanceOf(NotNow);
  expect((await at.outcome()).doubt).toMatchObject({ kind: 'refused' });
});

test('a request that is not sent after all leaves no doubt and no attempt', async () => {
  const at = await openCase();
  const ref = { batch: at.batch, round: 1, row: 0 };
  const admitted = await admitUser(at.deps, ref, firstAttempt);
  expect((await at.outcome()).doubt).toMatchObject({ kind: 'posting' });
  at.deps.limits.turnBack();
  expect(await createUser(at.deps, ref, firstAttempt, admitted)).toEqual(snooze());
  expect(await at.outcome()).toEqual({});
  expect(at.stage.sandbox.state().accounts).toEqual([]);
});

test.each<[string, string, Fault]>([
  ['server-error', 'before', { before: shapeA(500, 'failed', 'System.Exception') }],
  ['server-error', 'after', { after: shapeA(500, 'failed', 'System.Exception') }],
  ['portal-lock', 'before', { before: shapeA(500, 'lock', 'X.DistributedLockException') }],
  ['reset', 'before', { before: 'reset' }],
  ['reset', 'after', { after: 'reset' }],
  ['timeout', 'after', { after: 'silence' }],
  ['wrong-envelope', 'after', { after: envelope('odd') }],
])('an unknown outcome (%s %s the creation) leaves a doubt and is retried', async (...given) => {
  const [code, , fault] = given;
  const at = await openCase({ plan: () => fault, requestTimeoutMs: 400 });
  expect(await at.createUser()).toMatchObject({ job: { kind: 'retry', code } });
  expect((await at.outcome()).doubt).toMatchObject({ kind: 'posting', code });
});

test('a proxy that cannot reach the portal is an outage, and the row stays in doubt', async () => {
  const at = await openCase({ plan: () => ({ after: html(504) }) });
  expect(await at.createUser(0, lastAttempt)).toEqual(
    putBack({ kind: 'outage', code: 'gateway-error' }),
  );
  expect((await at.outcome()).doubt).toMatchObject({ kind: 'posting', code: 'gateway-error' });
  expect(await at.states()).toEqual(['pending']);
});

test('an unknown outcome of the last attempt gets one late look instead of an end', async () => {
  const at = await openCase({ plan: () => ({ after: 'reset' }) });
  expect(await at.createUser(0, lastAttempt)).toEqual(snooze(50));
  expect(await at.states()).toEqual(['pending']);
});

test.each<[string, Fault, { queues: { kind: string; [more: string]: unknown } }]>([
  [
    'a 429',
    { before: limited },
    { queues: { kind: 'slow-down', limiter: 'requests', waitMs: 7000 } },
  ],
  ['a rejected key', { before: shapeA(401, 'no') }, { queues: { kind: 'hold' } }],
  ['no seat left', { before: shapeC(402) }, { queues: { kind: 'hold' } }],
])('%s is about the portal: the row stays pending', async (_, fault, outcome) => {
  const at = await openCase({ plan: () => fault });
  expect(await at.createUser(0, lastAttempt)).toMatchObject(outcome);
  // A refusal may come after the account exists, so work continues with a lookup.
  const doubt = outcome.queues.kind === 'hold' ? { kind: 'posting' } : undefined;
  expect((await at.outcome()).doubt).toEqual(doubt);
  expect(await at.states()).toEqual(['pending']);
});

test('a portal that cannot be reached is an outage and leaves no doubt', async () => {
  const at = await openCase();
  await at.stage.sandbox.close();
  const portal = openClient(new URL(at.stage.sandbox.url));
  const gone = await openCase({ deps: { portal } });
  expect(await gone.createUser(0, lastAttempt)).toEqual(
    putBack({ kind: 'outage', code: 'connection-refused' }),
  );
  expect(await gone.outcome()).toEqual({});
});

test('the doubt is in the ledger before the portal sees the request', async () => {
  const seen: unknown[] = [];
  const at = await openCase({
    plan: async () => {
      seen.push((await at.outcome()).doubt);
      return undefined;
    },
  });
  await at.createUser();
  expect(seen).toEqual([{ kind: 'posting', at: expect.any(Number) }]);
});

test('a settled row, or one of another round, is completed without a request', async () => {
  const at = await openCase();
  await at.created(0);
  expect(await at.createUser()).toEqual(done('settled before'));
  expect(at.stage.asked).toEqual([]);
});

test('a damaged row fails permanently, with the reason and without a request', async () => {
  const at = await openCase();
  const { redis, keys } = at.stage.ledger;
  await redis.hset(`${keys.rows(at.batch)}0`, '0', '{"file":"f"}');
  expect(await at.createUser()).toEqual(fail('row-unreadable'));
  expect(await at.states()).toEqual(['failed']);
  expect((await at.outcome()).reason).toContain('damaged');
  expect(at.stage.asked).toEqual([]);
});

test("one portal's people are not created on another", async () => {
  const at = await openCase({ deps: { portalOrigin: 'https://other.example' } });
  expect(await at.createUser()).toMatchObject({
    queues: { kind: 'hold', hold: { code: 'other-portal' } },
  });
  expect(at.stage.asked).toEqual([]);
});
