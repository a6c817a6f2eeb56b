import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Acting, retryPeople } from '../../src/actions/batch-actions.ts';
import { failedCodes } from '../../src/ledger/rows/failed-codes.ts';
import { readActor } from '../../src/process/actor.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { refusing } from '../worker/first-post.ts';

const OPERATIONS = readFileSync(`${import.meta.dirname}/../../docs/operations.md`, 'utf8');

/** A finished batch of 3 people, of whom one failed, with its notification. */
async function oneFailed() {
  const plan = refusing('p1@example.com', () => undefined);
  const stage = await openStage({ plan, works: true });
  const batch = await stage.submit(people(3), { notify: 'http://127.0.0.1:9/never' });
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, failed: 1 });
  return { stage, batch };
}

const actingOn = (stage: Stage): Acting => ({
  producer: stage.producer(),
  by: readActor({ name: 'ana', sudoUser: undefined }),
});

/** Everything that Redis has about a batch and its notifications. */
async function stored({ ledger, queues }: Stage, batch: string) {
  const { redis, keys } = ledger;
  const jobs = await queues.notify.getJobs();
  const names = jobs.map(({ id }) => id).toSorted();
  return { record: await redis.hgetall(keys.record(batch)), names };
}

test('a retry that matches nobody changes nothing and notifies nobody', async () => {
  const { stage, batch } = await oneFailed();
  const { redis, keys } = stage.ledger;
  await waitFor(async () => (await redis.scard(keys.unqueued)) === 0);
  const before = await stored(stage, batch);
  const filter = { reasons: ['timeout'], emails: ['p0@example.com'] };
  expect(await retryPeople(actingOn(stage), batch, filter)).toBe(0);
  expect(await stored(stage, batch)).toEqual(before);
  expect(await stage.report(batch)).toMatchObject({ state: 'finished', round: 1 });
  expect(await retryPeople(actingOn(stage), batch)).toBe(1);
});

test('a retry of people whom another batch has by now changes nothing either', async () => {
  const { stage, batch } = await oneFailed();
  await stage.queues.createUser.pause();
  await stage.submit(people(1, 1));
  expect(await retryPeople(actingOn(stage), batch)).toBe(0);
  expect(await stage.report(batch)).toMatchObject({ state: 'finished', round: 1 });
});

test('a retry for an unknown reason names it and the known ones', async () => {
  const { stage, batch } = await oneFailed();
  const retrying = retryPeople(actingOn(stage), batch, { reasons: ['timeout', 'tiemout', 'x y'] });
  await expect(retrying).rejects.toMatchObject({
    code: 'E_USAGE',
    message: expect.stringMatching(/^no such reason: tiemout, x y; known are .*\btimeout\b/),
  });
  expect(await stage.report(batch)).toMatchObject({ state: 'finished', round: 1 });
});

test('a retry counts the addresses that it does not know, and masks them', async () => {
  const { stage, batch } = await oneFailed();
  const unknown: string[][] = [];
  const emails = ['P1@example.com', 'Nobody@example.org', 'p0@example.com'];
  const onUnknown = (masked: string[]) => void unknown.push(masked);
  expect(await retryPeople(actingOn(stage), batch, { emails, onUnknown })).toBe(1);
  expect(unknown).toEqual([['N***@example.org', 'p***@example.com']]);
});

test('a retry of an unfinished batch is refused, also where it matches nobody', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  await expect(retryPeople(actingOn(stage), batch, { emails: ['x@y.z'] })).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
  });
});

test('the known reasons are those that operations.md documents for failed rows', () => {
  const [, table = ''] = OPERATIONS.split(/^##+ (?:Outcomes of a row|Remedies)$/m);
  const rows = table
    .split('\n')
    .filter((row) => row.startsWith('| `failed`') || /^\| {5,}\|/.test(row));
  const codes = rows.flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([a-z-]+)`/g)]);
  expect(codes.map(([, code]) => code).toSorted()).toEqual([...failedCodes].toSorted());
});
