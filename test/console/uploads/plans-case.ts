import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanRecord } from '../../../src/console/uploads/plan-record.ts';
import { Plans, type PlansOptions } from '../../../src/console/uploads/plans.ts';
import type { Submitter } from '../../../src/console/uploads/submitter.ts';
import { openSpool, type UploadSpool } from '../../../src/console/uploads/upload-spool.ts';
import { silent } from '../../support/batches.ts';
import { onRelease } from '../../support/resources.ts';
import { waitFor } from '../../support/wait-for.ts';
import { sampleSummary } from './sample-summary.ts';

export const ANA = { name: 'ana', role: 'operator' };

const SUMMARY = sampleSummary();

/** A folder of uploads whose disk is full while `isFull`. */
export function openFolder() {
  const root = mkdtempSync(join(tmpdir(), 'onboard-plans-'));
  const disk = { isFull: false };
  const write: typeof writeFile = async (path, ...rest) => {
    await writeFile(path, ...rest);
    if (disk.isFull) await writeFile('/dev/full', 'x');
  };
  onRelease(() => rm(root, { recursive: true }));
  return { root, disk, spool: openSpool(root, write) };
}

/** Plans whose lists are planned and submitted by functions instead of processes. */
export function plansIn(spool: UploadSpool, change: Partial<Submitter & PlansOptions> = {}) {
  const notes: string[] = [];
  const submitter: Submitter = {
    plan: async () => ({ summary: SUMMARY, rejections: [] }),
    submit: async () => ({}),
    ...change,
  };
  const note: PlansOptions['note'] = async (deed) => void notes.push(deed);
  const isStored = async () => true;
  const parts = { spool, submitter, note, isStored, logger: silent, now: Date.now };
  const plans = new Plans({ ...parts, ...change });
  onRelease(() => plans.close());
  return { plans, notes };
}

/** Stores an upload in a state, as a console before left it. */
export async function left(spool: UploadSpool, state: PlanRecord['state']): Promise<string> {
  const key = await spool.begin();
  writeFileSync(join(spool.filesOf(key), 'people.csv'), 'email\n');
  const at = Date.now();
  const times = { at, expiresAt: at + 60_000 };
  const upload = { key, files: ['people.csv'], bytes: 6, options: {}, by: ANA };
  const isPlanned = state === 'ready' || state === 'submitting' || state === 'submitted';
  await spool.save({ ...upload, ...times, state, ...(isPlanned && { summary: SUMMARY }) });
  return key;
}

/** The record of a plan once it has this state. */
export function inState(plans: Plans, key: string, state: PlanRecord['state']) {
  return waitFor(
    async () => {
      const record = await plans.find(key);
      return record.state === state ? record : undefined;
    },
    { what: `a plan that is ${state}` },
  );
}
