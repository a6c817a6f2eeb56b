import { once } from 'node:events';
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { countRows } from '../../src/ledger/rows/rows.ts';
import { timings } from '../../src/timings.ts';
import { peopleCsv } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { planned, startConsole } from './console-process.ts';

/** Slices enough for a signal between two of them. */
const PEOPLE = 5000;
/** Slices enough for a kill between two of them; all of them are created in the end. */
const FEW = 2000;

function recorded({ ledger }: Stage): Promise<number> {
  return countRows(ledger, 'staff', 'pending');
}

/** Whether every person of the list has a row and a job. */
async function expectWhole(stage: Stage, count: number): Promise<void> {
  expect(await stage.report('staff')).toMatchObject({
    state: 'processing',
    total: count,
    pending: count,
  });
  expect(await stage.queues.createUser.count()).toBe(count);
}

test('SIGTERM ends a submission between two slices and a live page at once, and approving again completes the batch', async () => {
  const stage = await openStage({ timings });
  const first = await startConsole(stage);
  const plan = await planned(first, peopleCsv(PEOPLE), 'staff');
  const headers = { cookie: first.cookie };
  const [live] = await once(get(`${first.url}${plan}/live`, { headers }), 'response');
  const cut = once(live, 'error');
  live.resume();
  const approval = first.approve(plan).catch(() => undefined);
  await waitFor(() => recorded(stage), { what: 'the first slice' });
  const began = performance.now();
  first.running.send('SIGTERM');
  await cut;
  const liveMs = performance.now() - began;
  expect(await first.running.ended).toMatchObject({ code: 0, signal: null });
  await approval;
  expect(liveMs).toBeLessThan(1000);
  expect(performance.now() - began).toBeLessThan(5000);
  const cutAt = await recorded(stage);
  expect([cutAt % 1000, cutAt < PEOPLE]).toEqual([0, true]);
  expect(await stage.ledger.redis.exists(stage.ledger.keys.lock('staff'))).toBe(0);

  const second = await startConsole(stage);
  expect(await second.page(plan)).toMatch(/approve again, and it continues/);
  await second.approve(plan);
  await second.until(plan, /The batch runs/);
  await expectWhole(stage, PEOPLE);
});

test('a console that is killed during a submission loses nobody: the next one shows the batch, and the same upload completes it', async () => {
  const stage = await openStage({ timings });
  const first = await startConsole(stage);
  const plan = await planned(first, peopleCsv(FEW), 'staff');
  const approval = first.approve(plan).catch(() => undefined);
  await waitFor(() => recorded(stage), { what: 'the first slice' });
  first.running.send('SIGKILL');
  await Promise.all([first.running.ended, approval]);

  const second = await startConsole(stage);
  expect(await second.page('/batches/staff')).toContain('staff');
  const again = await planned(second, peopleCsv(FEW), 'staff');
  await second.approve(again);
  await second.until(again, /The batch runs/);
  await expectWhole(stage, FEW);
  await stage.startWorkers();
  expect(await stage.untilFinished('staff')).toMatchObject({ created: FEW, invited: FEW });
});

test('a second console of the same prefix says which one takes lists, and does everything else', async () => {
  const stage = await openStage({ timings });
  const first = await startConsole(stage);
  const second = await startConsole(stage);
  expect(await first.page('/submit')).toContain('type="file"');
  const closed = await second.page('/submit');
  expect(closed).toMatch(/Another console takes the lists of this prefix: process \d+ on /);
  expect(closed).not.toContain('type="file"');
  expect(await second.page('/')).toContain('<h1>Overview</h1>');
  expect((await second.upload(peopleCsv(1))).status).toBe(503);
  first.running.send('SIGTERM');
  await first.running.ended;
  const third = await startConsole(stage);
  expect(await third.page('/submit')).toContain('type="file"');
});
