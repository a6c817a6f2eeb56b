import { expect, test } from 'vitest';
import { Progress } from '../../src/console/pages/parts/progress.tsx';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { extendQueueWait, noteOutage } from '../../src/ledger/stops/waits.ts';
import { readBatchView } from '../../src/overview/batch-view.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { fill } from '../ledger/fill.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { consoleOn, readText } from './console-case.ts';
import { textOf } from './console-text.ts';

const LISTS = ['/', '/batches', '/batches/spring'];

/** The state of the batch `spring` on every page that names it. */
async function statesOn(stage: Stage, word: string): Promise<boolean[]> {
  const console = consoleOn(stage);
  const texts = await Promise.all(LISTS.map((path) => readText(console, path)));
  return texts.map((text) => new RegExp(`spring ${word} `).test(text));
}

test('a batch that the portal slows down, or cannot reach, says so as its state', async () => {
  const stage = await openStage();
  await stage.submit(people(3), { id: 'spring' });
  expect(await statesOn(stage, 'Creating')).toEqual([true, true, true]);
  const wait = { queue: CREATE_USER, limiter: 'daily', waitMs: 60_000 };
  await extendQueueWait(stage.ledger, wait);
  expect(await statesOn(stage, 'Limited')).toEqual([true, true, true]);
  await noteOutage(stage.ledger, { code: 'refused', firstMs: 60_000, mostMs: 60_000, random: 0 });
  expect(await statesOn(stage, 'Portal away')).toEqual([true, true, true]);
  expect(await readText(consoleOn(stage), '/help')).toMatch(/Limited .*Portal away /);
});

test('a batch behind another says everywhere that it waits its turn', async () => {
  const stage = await openStage();
  await stage.submit(people(2), { id: 'first' });
  await stage.submit(people(3, 10), { id: 'spring' });
  expect(await statesOn(stage, 'Waiting its turn')).toEqual([true, true, true]);
  const front = await readText(consoleOn(stage), '/');
  expect(front).not.toContain('spring Creating');
  expect(front).toContain('starts after 2 people');
});

test('a list that is being submitted is not 100 % done while nobody is recorded', async () => {
  const stage = await openStage();
  await fill(stage.ledger, 'spring', []);
  await takeLock(stage.ledger, 'spring', { token: 't', timings: stage.timings });
  const text = await readText(consoleOn(stage), '/batches/spring');
  expect(text).toMatch(/spring Being submitted .*0 of 0 people so far settled/);
  expect(text).not.toContain('100 %');
});

test('the time left has a second sentence where the portal’s daily limit comes before the rate', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const view = await readBatchView(stage, batch, Date.now());
  const textFor = (pending: number, ratePerSecond: number) => {
    const report = { ...view.overview.report, accepted: 50_000, pending };
    const pace = { workers: 1, backlog: pending, allowedPerSecond: 100, ratePerSecond };
    return textOf(
      String(
        Progress({ view: { ...view, ahead: 0, overview: { ...view.overview, report, ...pace } } }),
      ),
    );
  };
  expect(textFor(36_000, 10)).toMatch(
    /about 1 h left.*at the present rate.*4 days where the portal allows 10,000 writes a day/,
  );
  expect(textFor(9000, 10)).not.toContain('a day');
  expect(textFor(20_000, 0.01)).not.toContain('a day');
});

test('what is to be fixed on the portal says so before it offers to retry', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  const ref = (row: number) => ({ batch, round: 1, row });
  await settleRow(stage.ledger, ref(0), { state: 'failed', outcome: { code: 'not-found' } });
  await settleRow(stage.ledger, ref(1), { state: 'failed', outcome: { code: 'timeout' } });
  await stage.redis.hset(stage.ledger.keys.record(batch), 'state', 'finished');
  const html = await (await consoleOn(stage).app.request(`/batches/${batch}`)).text();
  expect(textOf(html)).toMatch(/Fix it there, then Retry 1…/);
  expect(textOf(html).match(/Fix it there/g)).toHaveLength(1);
  expect(html.match(/button primary/g)).toHaveLength(1);
  expect(html).toMatch(/button primary" href="[^"]*code=timeout/);
});
