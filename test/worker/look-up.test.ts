import { expect, test } from 'vitest';
import type { Doubt } from '../../src/ledger/rows/row-codec.ts';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { demoKey } from '../../src/sandbox/people/api-keys.ts';
import type { JobEnd } from '../../src/worker/outcome.ts';
import { done, fail, retry, snooze } from '../../src/worker/outcome.ts';
import { accountDto, envelope, shapeA } from '../portal/answers.ts';
import { post } from '../sandbox/support.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

const lastAttempt = { number: 4, isLast: true };
const email = 'p0@example.com';
const killed: Doubt = { kind: 'posting' };
const unknown: Doubt = { kind: 'posting', code: 'timeout', reason: 'No answer came in time.' };
const refused: Doubt = { kind: 'refused', code: 'bad-request', reason: 'The portal refused.' };
const conflict: Doubt = { kind: 'conflict', code: 'duplicate', reason: 'A race.' };

type Options = Parameters<typeof openCase>[0];

/** A row that an earlier start left in doubt. */
async function inDoubt(doubt: Doubt, options: Options = {}): Promise<HandlerCase> {
  const at = await openCase(options);
  await noteRow(at.stage.ledger, { batch: at.batch, round: 1, row: 0 }, { doubt });
  return at;
}

test.each([killed, unknown])(
  'an account found after %j that we made counts as created',
  async (doubt) => {
    const at = await inDoubt(doubt);
    await post(at.stage.sandbox, { email });
    expect(await at.createUser(0, { number: 2 })).toMatchObject(done('created'));
    const [account] = at.stage.sandbox.state().accounts;
    expect(await at.outcome()).toEqual({ portalId: account?.id, attempts: 2 });
    expect(at.stage.sandbox.state().postsByEmail).toEqual({ [email]: 1 });
  },
);

test.each([refused, conflict])(
  'after a doubt of kind $kind an account as young as the batch is ours',
  async (doubt) => {
    // Our POST created the account, and Redis lost its note with the last second of the file.
    const at = await inDoubt(doubt);
    await post(at.stage.sandbox, { email });
    expect(await at.createUser()).toMatchObject(done('created'));
  },
);

test('an account that an earlier batch made is existing, however young it is', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const first = await stage.submit(people(1));
  await stage.untilFinished(first);
  const second = await stage.submit(people(1), { inviteType: 'User' });
  expect(await stage.untilFinished(second)).toMatchObject({ existing: 1, created: 0 });
  const third = await stage.submit(people(1));
  expect(await stage.untilFinished(third)).toMatchObject({ existing: 1, created: 0 });
  expect(stage.sandbox.state().acceptedInvites).toHaveLength(1);
});

test('a row in doubt is not looked up before its request can be over', async () => {
  const at = await inDoubt(
    { ...unknown, at: Date.now() - 1000 },
    { deps: { lookUpDelayMs: 35_000 } },
  );
  const outcome = await at.createUser();
  expect(outcome).toMatchObject({ job: { kind: 'snooze' } });
  const { delayMs } = outcome.job as Extract<JobEnd, { kind: 'snooze' }>;
  expect(delayMs).toBeGreaterThan(30_000);
  expect(delayMs).toBeLessThanOrEqual(34_000);
  expect(at.stage.asked).toEqual([]);
});

test("an account with another address is somebody else's: a person must act", async () => {
  const dto = {
    ...accountDto,
    email: 'pó@example.com',
    registrationDate: new Date().toISOString(),
  };
  const at = await inDoubt(unknown, { plan: () => ({ before: envelope(dto) }) });
  expect(await at.createUser()).toEqual(fail('address-taken'));
  expect(await at.states()).toEqual(['failed']);
});

test('an account from before the batch is existing, and one look is enough', async () => {
  const at = await inDoubt(refused, { sandbox: { existing: [email] } });
  expect(await at.createUser()).toMatchObject(done('existing'));
  expect(await at.states()).toEqual(['existing']);
  expect(await at.outcome()).toMatchObject({ code: 'already-there' });
  expect(at.stage.asked.map((one) => one.what)).toEqual(['GET /people/email']);
});

test('an account that is too old to be ours costs no second request for its creator', async () => {
  const dto = { ...accountDto, email, registrationDate: '2020-01-01T00:00:00Z' };
  const at = await inDoubt(refused, { plan: () => ({ before: envelope(dto) }) });
  expect(await at.createUser()).toMatchObject(done('existing'));
  expect(at.stage.asked.map((one) => one.what)).toEqual(['GET /people/email']);
});

test('an account that is there but disabled says so', async () => {
  const at = await inDoubt(refused, { sandbox: { disabled: [email] } });
  await at.createUser();
  expect(await at.outcome()).toMatchObject({ code: 'already-there-disabled' });
});

test("an account that another key's owner made meanwhile is existing", async () => {
  const theirs = `sk-${'f'.repeat(64)}`;
  const keys = [demoKey, { key: theirs, role: 'DocSpaceAdmin' as const }];
  const at = await inDoubt(unknown, { sandbox: { keys } });
  await post(at.stage.sandbox, { email }, { key: theirs });
  expect(await at.createUser()).toMatchObject(done('existing'));
});

test('a refused person who is absent fails permanently, with the reason of the refusal', async () => {
  const at = await inDoubt(refused);
  expect(await at.createUser()).toEqual(fail('bad-request'));
  const outcome = { code: 'bad-request', reason: 'The portal refused.', attempts: 1 };
  expect(await at.outcome()).toEqual(outcome);
  expect(await at.states()).toEqual(['failed']);
});

test('a lost race without an account is a failed attempt, and the next one posts again', async () => {
  const at = await inDoubt(conflict);
  expect(await at.createUser()).toEqual(retry('duplicate'));
  expect(await at.outcome()).toEqual({});
});

test.each([unknown, killed])('after %j and no account, the row is posted anew', async (doubt) => {
  const at = await inDoubt(doubt);
  expect(await at.createUser()).toEqual(snooze(0));
  expect(await at.createUser()).toEqual(done('created'));
  expect(at.stage.asked.map((one) => one.what)).toEqual(['GET /people/email', 'POST /people']);
});

test.each([unknown, conflict])(
  '%j on the last attempt fails when nobody is there',
  async (doubt) => {
    const at = await inDoubt(doubt);
    expect(await at.createUser(0, lastAttempt)).toMatchObject({ job: { kind: 'fail' } });
    expect(await at.outcome()).toEqual({ code: doubt.code, reason: doubt.reason, attempts: 4 });
  },
);

test('a POST whose worker was killed was no attempt: the last one is still to come', async () => {
  const at = await inDoubt(killed);
  expect(await at.createUser(0, lastAttempt)).toEqual(snooze(0));
  expect(await at.states()).toEqual(['pending']);
});

test('a lookup without an answer is repeated, burns no attempt and keeps the doubt', async () => {
  const at = await inDoubt(unknown, { plan: () => ({ before: 'reset' }) });
  expect(await at.createUser(0, lastAttempt)).toMatchObject({ job: { kind: 'snooze' } });
  expect((await at.outcome()).doubt).toEqual({ ...unknown, looks: 1 });
});

test('twenty looks without an answer fail the row and say that the outcome is unknown', async () => {
  const at = await inDoubt({ ...unknown, looks: 19 }, { plan: () => ({ before: 'reset' }) });
  expect(await at.createUser()).toMatchObject(fail('outcome-unknown'));
  expect((await at.outcome()).reason).toContain('look this person up there');
  expect(await at.states()).toEqual(['failed']);
});

test('an answer about the portal keeps the doubt for later', async () => {
  const at = await inDoubt(unknown, { plan: () => ({ before: shapeA(401, 'no') }) });
  expect(await at.createUser(0, lastAttempt)).toMatchObject({ queues: { kind: 'hold' } });
  expect((await at.outcome()).doubt).toEqual(unknown);
});

test('without the owner of our key, nobody says yet whose the account is', async () => {
  const at = await inDoubt(unknown, {
    plan: ({ what }) => (what === 'GET /keys/@self' ? { before: 'reset' } : undefined),
  });
  await post(at.stage.sandbox, { email });
  expect(await at.createUser(0, lastAttempt)).toMatchObject({ job: { kind: 'snooze' } });
  expect(await at.states()).toEqual(['pending']);
});
