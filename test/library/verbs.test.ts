import { expect, test } from 'vitest';
import type { Onboard } from '../../src/index.ts';
import { openStage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { waitFor } from '../support/wait-for.ts';
import { opened, persons } from './opened.ts';

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('continue, invite, pause, find, log and purge do what their commands do', async () => {
  const stage = await openStage({ works: true, timings: restless });
  const onboard = await opened(stage);
  const { batchId } = await onboard.submit(persons(3), { limit: 1, inviteHeld: true });
  await waitFor(async () => (await onboard.status(batchId)).gate !== null);
  expect(await onboard.invite(batchId)).toBe('sent-next');
  await stage.until(batchId, 'waiting');
  expect(await onboard.pause()).toMatchObject({ code: 'paused' });
  expect(await onboard.continue(batchId)).toBe(2);
  expect((await onboard.status(batchId)).hold).toBe('paused');
  expect(await onboard.resume()).toMatchObject({ code: 'paused' });
  expect(await stage.untilFinished(batchId)).toMatchObject({ created: 3, invited: 3 });
  expect(await onboard.invite(batchId)).toBe('nobody-left');
  const found = await onboard.find('P2@example.com');
  expect(found).toMatchObject([{ batchId, state: 'created', email: 'p2@example.com', round: 2 }]);
  const failed = await collected(onboard.report(batchId, { states: ['failed', 'rejected'] }));
  expect([failed, (await collected(onboard.report(batchId))).length]).toEqual([[], 3]);
  const actions = (await onboard.log(batchId)).map(({ action }) => action);
  expect(actions).toEqual(['invite', 'continue', 'invite', 'submit']);
  expect(await onboard.log(undefined, { limit: 2 })).toHaveLength(2);
  const purged = await onboard.purge(batchId, { people: true });
  expect(purged).toMatchObject({ removed: [{ batchId, what: 'people', rows: 3 }], skipped: [] });
  const older = await onboard.purge(undefined, { olderThan: '0d' });
  expect(older.removed).toMatchObject([{ batchId, what: 'batch' }]);
  expect(await onboard.batches()).toEqual([]);
});

test('notify is stored with the batch and never shown', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const notify = 'https://ops.example.com/hook-7f3a';
  const { batchId } = await onboard.submit(persons(1), { notify });
  expect(await stage.redis.hget(stage.ledger.keys.record(batchId), 'notify')).toBe(notify);
  expect(JSON.stringify(await onboard.log())).not.toContain('hook-7f3a');
  for (const wrong of ['http://ops.example.com/hook-7f3a', 'hook-7f3a']) {
    const refused = onboard.submit(persons(1, 5), { notify: wrong });
    await expect(refused).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(/^submit: notify: must be an https(?!.*hook-7f3a)/),
    });
  }
});

test('the refusals are those of the commands', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  const { batchId } = await onboard.submit(persons(1));
  for (const [call, code] of [
    [() => onboard.continue(batchId), 'E_BATCH_STATE'],
    [() => onboard.purge(batchId), 'E_BATCH_STATE'],
    [() => onboard.invite('b000000000000'), 'E_BATCH_UNKNOWN'],
    [() => onboard.log('b000000000000'), 'E_BATCH_UNKNOWN'],
    [() => onboard.find('nobody@example.com'), 'E_PERSON_UNKNOWN'],
  ] as const) {
    await expect(call()).rejects.toMatchObject({ name: 'OnboardError', code });
  }
});

/** Calls as a program without types makes them. */
const wrongCalls: [
  string,
  (onboard: Record<string, (...args: unknown[]) => unknown>) => unknown,
][] = [
  ['status without a batch', (o) => o.status?.()],
  ['status of an object', (o) => o.status?.({ batchId: 'b1' })],
  ['report without a batch', (o) => collected(o.report?.() as AsyncIterable<unknown>)],
  [
    'report of an unknown state',
    (o) => collected(o.report?.('b1', { states: ['gone'] }) as AsyncIterable<unknown>),
  ],
  ['retry with a text for a list', (o) => o.retry?.('b1', { reasons: 'timeout' })],
  ['retry with an unknown option', (o) => o.retry?.('b1', { reason: ['timeout'] })],
  ['cancel with a text', (o) => o.cancel?.('b1', { invite: 'no' })],
  ['invite of a number', (o) => o.invite?.(7)],
  ['continue of null', (o) => o.continue?.(null)],
  ['find without an address', (o) => o.find?.('')],
  ['log with a limit of 0', (o) => o.log?.(undefined, { limit: 0 })],
  ['purge of nothing', (o) => o.purge?.()],
  ['purge of a batch and an age', (o) => o.purge?.('b1', { olderThan: '30d' })],
  ['purge with a wrong age', (o) => o.purge?.(undefined, { olderThan: 'a month' })],
  ['submit with an unknown option', (o) => o.submit?.([], { concurrency: 5 })],
  ['submit with null for options', (o) => o.submit?.([], null)],
  ['submitFiles without files', (o) => o.submitFiles?.()],
  ['submitFiles with a text', (o) => o.submitFiles?.({ files: 'people.csv' })],
];

test('a wrong call is an OnboardError that names the call', async () => {
  const stage = await openStage();
  const onboard = Object.assign<object, Onboard>({}, await opened(stage)) as never;
  for (const [what, call] of wrongCalls) {
    const error = await Promise.resolve()
      .then(() => call(onboard))
      .catch((thrown: unknown) => thrown);
    const verb = what.split(' ')[0];
    expect([what, error]).toEqual([
      what,
      expect.objectContaining({
        code: 'E_USAGE',
        message: expect.stringMatching(new RegExp(`^${verb}: `)),
      }),
    ]);
  }
});

test('after close every call is one clear error, and close may be called again', async () => {
  const stage = await openStage();
  const onboard = await opened(stage);
  await onboard.close();
  await onboard.close();
  for (const call of [
    () => onboard.submit(persons(1)),
    () => onboard.submitFiles({ files: ['people.csv'] }),
    () => onboard.status('b1'),
    () => collected(onboard.report('b1')),
    () => onboard.batches(),
    () => onboard.retry('b1'),
    () => onboard.cancel('b1'),
    () => onboard.continue('b1'),
    () => onboard.invite('b1'),
    () => onboard.pause(),
    () => onboard.resume(),
    () => onboard.find('p@example.com'),
    () => onboard.log(),
    () => onboard.purge('b1'),
  ]) {
    await expect(call()).rejects.toMatchObject({
      name: 'OnboardError',
      code: 'E_USAGE',
      message: expect.stringContaining('closed'),
    });
  }
});

test('setRoles needs a key, says what it would set, and sets it', async () => {
  const stage = await openStage({ works: true, sandbox: { limits: { adminSeats: 1 } } });
  const onboard = await opened(stage);
  const people = persons(2).map((each) => ({ ...each, type: 'RoomAdmin' as const }));
  const { batchId } = await onboard.submit(people, { allowedTypes: ['RoomAdmin'] });
  expect(await stage.untilFinished(batchId)).toMatchObject({ created: 2, otherRole: 2 });
  await expect(onboard.setRoles(batchId)).rejects.toMatchObject({ code: 'E_CONFIG' });
  const withKey = await opened(stage, { apiKey: stage.sandbox.key });
  stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  expect((await withKey.setRoles(batchId, { dryRun: true })).set).toHaveLength(2);
  expect(await collected(onboard.report(batchId, { roleDiffers: true }))).toHaveLength(2);
  expect(await withKey.setRoles(batchId)).toMatchObject({ set: [{}, {}], left: [] });
  expect(await collected(onboard.report(batchId, { roleDiffers: true }))).toEqual([]);
  expect((await onboard.status(batchId)).otherRole).toBe(0);
});
