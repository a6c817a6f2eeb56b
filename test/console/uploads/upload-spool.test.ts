import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PlanRecord } from '../../../src/console/uploads/plan-record.ts';
import { sweepUploads } from '../../../src/console/uploads/sweep.ts';
import { openSpool, type UploadSpool } from '../../../src/console/uploads/upload-spool.ts';
import { onRelease } from '../../support/resources.ts';

const isStored = async () => true;

function openFolder() {
  const root = mkdtempSync(join(tmpdir(), 'onboard-spool-'));
  onRelease(() => rm(root, { recursive: true }));
  return { root, spool: openSpool(root) };
}

async function added(spool: UploadSpool, change: Partial<PlanRecord> = {}): Promise<string> {
  const key = await spool.begin();
  writeFileSync(join(spool.filesOf(key), 'people.csv'), 'email\n');
  const by = { name: 'ana', role: 'operator' };
  const times = { at: 1000, expiresAt: 2000 };
  const record: PlanRecord = {
    key,
    state: 'ready',
    by,
    ...times,
    files: ['people.csv'],
    bytes: 6,
    options: {},
  };
  await spool.save({ ...record, ...change });
  return key;
}

test('an upload and its record are open to nobody else', async () => {
  const { root, spool } = openFolder();
  const key = await added(spool);
  const modes = [root, spool.filesOf(key), join(root, key, 'plan.json')].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600]);
});

test('plans of a console that was killed are found by the next one, newest first', async () => {
  const { root, spool } = openFolder();
  const first = await added(spool, { at: 1 });
  const second = await added(spool, { at: 2 });
  const records = await openSpool(root).list();
  expect(records.map(({ key }) => key)).toEqual([second, first]);
});

test('an address that is no key of ours reads no file', async () => {
  const { root, spool } = openFolder();
  writeFileSync(join(root, 'plan.json'), '{}');
  for (const key of ['..', '.', '', 'x', '../none']) expect(await spool.find(key)).toBeUndefined();
});

test('a damaged record is no plan', async () => {
  const { root, spool } = openFolder();
  const key = await added(spool);
  writeFileSync(join(root, key, 'plan.json'), '{"state":');
  expect([await spool.find(key), await spool.list()]).toEqual([undefined, []]);
});

test('a list that was submitted leaves its record and none of its people', async () => {
  const { root, spool } = openFolder();
  const key = await added(spool, { state: 'submitted' });
  await spool.removePeople(key);
  expect(readdirSync(join(root, key))).toEqual(['plan.json']);
});

test('a plan is removed after its day, and at the next start if that is later', async () => {
  const { spool } = openFolder();
  const key = await added(spool);
  await sweepUploads(spool, { isStored, now: 1999, isStart: true });
  expect(await spool.keys()).toEqual([key]);
  await sweepUploads(spool, { isStored, now: 2000 });
  expect(await spool.keys()).toEqual([]);
});

test('an upload that a killed console was receiving is removed at the start and not while one arrives', async () => {
  const { spool } = openFolder();
  const arriving = await spool.begin();
  await sweepUploads(spool, { isStored, now: 0 });
  expect(await spool.keys()).toEqual([arriving]);
  await sweepUploads(spool, { isStored, now: 0, isStart: true });
  expect(await spool.keys()).toEqual([]);
});
