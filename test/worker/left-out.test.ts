import { expect, test } from 'vitest';
import { inviteNow } from '../../src/batch/invite-now.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { shapeA } from '../portal/answers.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { people, person } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

/** Refuses every invite with one of these people, without naming anybody. */
function refusing(...emails: string[]): Plan {
  return ({ what, body }) => {
    const isRefused = what.endsWith('/people/invite') && emails.some((each) => body.includes(each));
    return isRefused
      ? { before: shapeA(400, 'Incorrect email', 'System.ArgumentException') }
      : undefined;
  };
}

async function allCreated(rows: readonly NewRow[], plan?: Plan): Promise<HandlerCase> {
  const at = await openCase({ rows, ...(plan === undefined ? {} : { plan }) });
  for (const row of rows.keys()) await at.createUser(row);
  return at;
}

/** Starts the invite until it is done or waits at a gate; returns the number of starts. */
async function inviteAll(at: HandlerCase): Promise<number> {
  for (let starts = 1; starts < 200; starts += 1) {
    const { job } = await at.invite();
    if (job.kind === 'done' || (job.kind === 'snooze' && job.delayMs > 0)) return starts;
  }
  throw new Error('the invite never ends');
}

const invited = (at: HandlerCase) =>
  at.stage.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);

test('josè gets an account and its mail, is left out of the invite, and stops nobody', async () => {
  const rows = [...people(2), person('josè@example.com', 2)];
  const at = await allCreated(rows);
  expect(await at.invite()).toEqual(done('invited 2'));
  expect(invited(at)).toEqual(['p0@example.com', 'p1@example.com']);
  const [, , row] = await at.stage.rows(at.batch);
  expect(row).toMatchObject({ state: 'created', code: 'not-invitable', invited: false });
  const report = { state: 'finished', created: 3, failed: 0, invited: 2, notInvitable: 1 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('a list of people who cannot be invited is finished without a request', async () => {
  const at = await allCreated([person('ü@example.com')]);
  expect(await at.invite()).toEqual(done('invited 0'));
  const report = { state: 'finished', inviteRequests: 0, notInvitable: 1 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test.each([0, 7, 19])(
  'of 20 people, number %i is refused: it is found, named and left out',
  async (bad) => {
    const at = await allCreated(people(20), refusing(`"p${bad}@example.com"`));
    const starts = await inviteAll(at);
    const others = people(20).flatMap((each) => (each.kind === 'person' ? each.person.email : []));
    expect(invited(at).sort()).toEqual(others.filter((_, index) => index !== bad).sort());
    const row = (await at.stage.rows(at.batch))[bad];
    expect(row).toMatchObject({ code: 'not-invitable', invited: false });
    expect(row?.reason).toContain('Incorrect email');
    expect(await at.stage.report(at.batch)).toMatchObject({ invited: 19, notInvitable: 1 });
    // Twenty people are halved five times, and each acceptance doubles the next request again.
    expect(starts).toBeLessThanOrEqual(14);
  },
);

test('several refused people are found one after another', async () => {
  const bad = ['"p1@example.com"', '"p2@example.com"', '"p11@example.com"'];
  const at = await allCreated(people(12), refusing(...bad));
  await inviteAll(at);
  const report = { state: 'finished', invited: 9, notInvitable: 3 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('a portal that refuses everybody stops this invite, and the release tries all again', async () => {
  let isRefusing = true;
  const refuse = refusing('@example.com');
  const at = await allCreated(people(14), (asked) => (isRefusing ? refuse(asked) : undefined));
  await inviteAll(at);
  const stopped = await at.stage.report(at.batch);
  expect(stopped).toMatchObject({ hold: null, gate: { code: 'invite-refused', until: null } });
  expect(await at.invite()).toEqual(snooze(at.deps.timings.gatePollMs));
  isRefusing = false;
  expect(await inviteNow(at.stage.producer(), at.batch)).toBe('sent-next');
  expect(await at.invite()).toEqual(done('invited 14'));
  expect(await at.stage.report(at.batch)).toMatchObject({ state: 'finished', notInvitable: 0 });
});
