import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Submitter } from '../../../src/console/uploads/submitter.ts';
import { ANA, inState, left, openFolder, plansIn } from './plans-case.ts';

test('a list that a killed console was planning is planned by the next one', async () => {
  const { spool } = openFolder();
  const key = await left(spool, 'planning');
  const { plans, notes } = plansIn(spool);
  await plans.resume();
  expect(await inState(plans, key, 'ready')).toMatchObject({ summary: { accepted: 1 } });
  await plans.close();
  expect(notes).toEqual(['plan']);
});

test('a list that a killed console was submitting waits for another approval, which submits it', async () => {
  const { spool } = openFolder();
  const key = await left(spool, 'submitting');
  const { plans } = plansIn(spool);
  await plans.resume();
  expect(await plans.find(key)).toMatchObject({
    state: 'ready',
    failure: { message: expect.stringContaining('approve again') },
  });
  await (await plans.approve(key, 'p1-0', ANA)).done;
  const record = await plans.find(key);
  expect([record.state, record.failure]).toEqual(['submitted', undefined]);
  expect(existsSync(spool.filesOf(key))).toBe(false);
});

test('an approval of another plan than the one that is here submits nothing', async () => {
  const { spool } = openFolder();
  const key = await left(spool, 'ready');
  const { plans, notes } = plansIn(spool);
  await expect(plans.approve(key, 'p1-of-before', ANA)).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
    message: expect.stringContaining('made again'),
  });
  expect(await plans.find(key)).toMatchObject({ state: 'ready' });
  expect(notes).toEqual([]);
});

test('an upload whose record finds no room on the disk is refused in one sentence, and leaves no file', async () => {
  const { root, disk, spool } = openFolder();
  const { plans } = plansIn(spool);
  disk.isFull = true;
  const key = await spool.begin();
  const upload = { key, files: ['people.csv'], bytes: 6, options: {} };
  await expect(plans.add(upload, ANA)).rejects.toMatchObject({
    code: 'E_DISK_FULL',
    message: expect.stringContaining('ONBOARD_DATA_DIR'),
  });
  expect(readdirSync(join(root, key))).toEqual(['files']);
});

test('a plan that finds no room on the disk says so, and can be made again', async () => {
  const { disk, spool } = openFolder();
  const key = await left(spool, 'failed');
  const plan: Submitter['plan'] = async () => {
    disk.isFull = true;
    return { failure: { code: 'E_FILE_EMPTY', message: 'nothing' } };
  };
  const { plans } = plansIn(spool, { plan });
  await plans.again(key, {}, ANA);
  const failed = await inState(plans, key, 'failed');
  expect(failed.failure).toMatchObject({ code: 'E_DISK_FULL' });
  disk.isFull = false;
  await plans.again(key, {}, ANA);
});

test('an approval that finds no room on the disk submits nothing', async () => {
  const { disk, spool } = openFolder();
  const key = await left(spool, 'ready');
  const submitted: string[] = [];
  const submit: Submitter['submit'] = async (_, { plan }) => {
    submitted.push(plan);
    return {};
  };
  const { plans } = plansIn(spool, { submit });
  disk.isFull = true;
  await expect(plans.approve(key, 'p1-0', ANA)).rejects.toMatchObject({ code: 'E_DISK_FULL' });
  expect([submitted, (await plans.find(key)).state]).toEqual([[], 'ready']);
  disk.isFull = false;
  await (await plans.approve(key, 'p1-0', ANA)).done;
  expect(submitted).toEqual(['p1-0']);
});

test('an approval that cannot be recorded in the action log submits nothing', async () => {
  const { spool } = openFolder();
  const key = await left(spool, 'ready');
  const note = () => Promise.reject(new Error('Redis is away'));
  const { plans } = plansIn(spool, { note });
  await expect(plans.approve(key, 'p1-0', ANA)).rejects.toThrow('Redis is away');
  expect((await plans.find(key)).state).toBe('ready');
});

test('a submission whose end finds no room on the disk can be approved again', async () => {
  const { disk, spool } = openFolder();
  const key = await left(spool, 'ready');
  const submit: Submitter['submit'] = async () => {
    disk.isFull = true;
    return {};
  };
  const { plans } = plansIn(spool, { submit });
  await (await plans.approve(key, 'p1-0', ANA)).done;
  const record = await plans.find(key);
  expect([record.state, record.failure?.code]).toEqual(['ready', 'E_DISK_FULL']);
});

test('a plan whose process broke says so instead of being planned forever', async () => {
  const { spool } = openFolder();
  const plan = () => Promise.reject(new Error('spawn EAGAIN'));
  const { plans } = plansIn(spool, { plan });
  const key = await left(spool, 'failed');
  await plans.again(key, {}, ANA);
  const { failure } = await inState(plans, key, 'failed');
  expect(failure).toEqual({ code: 'E_INTERNAL', message: expect.stringMatching(/plan again/) });
  expect(await plans.waiting()).toHaveLength(1);
});

test('a list that is discarded while it is planned ends its process and leaves nothing', async () => {
  const { root, spool } = openFolder();
  let isEnded = false;
  const plan: Submitter['plan'] = async (_, { signal }) => {
    await once(signal, 'abort');
    isEnded = true;
    return { failure: { code: 'E_INTERNAL', message: 'ended' } };
  };
  const { plans } = plansIn(spool, { plan });
  const key = await left(spool, 'failed');
  await plans.again(key, {}, ANA);
  await plans.discard(key, ANA);
  await plans.close();
  expect([isEnded, readdirSync(root)]).toEqual([true, []]);
});

test('a batch that is purged leaves none of its uploads, also one whose plan is being made', async () => {
  const { spool } = openFolder();
  const plan: Submitter['plan'] = async (_, { signal }) => {
    await once(signal, 'abort');
    return { failure: { code: 'E_INTERNAL', message: 'ended' } };
  };
  const { plans } = plansIn(spool, { plan });
  await left(spool, 'submitted');
  await left(spool, 'ready');
  const other = await left(spool, 'failed');
  const planning = await left(spool, 'failed');
  await plans.again(planning, { batch: 'staff' }, ANA);
  await plans.purge('staff');
  expect(await spool.keys()).toEqual([other]);
});

test('the plan of a batch that was purged from a command line is removed by the next sweep', async () => {
  const { spool } = openFolder();
  const stored = new Set(['staff']);
  const { plans } = plansIn(spool, { isStored: async (batch) => stored.has(batch) });
  await left(spool, 'submitted');
  const ready = await left(spool, 'ready');
  await plans.sweep();
  expect(await spool.keys()).toHaveLength(2);
  stored.clear();
  await plans.sweep();
  expect(await spool.keys()).toEqual([ready]);
});
