import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { servedConsole } from '../console/console-case.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { type Visit, visit } from './chromium.ts';

/** A batch whose people wait because no worker runs. */
async function waiting(count: number, latencyMs = 1) {
  const stage = await openStage({ sandbox: { latencyMs } });
  const batch = await stage.submit(people(count));
  return { stage, batch, url: await servedConsole(stage) };
}

/** The figures of a batch page by their names, of one moment. */
async function figures({ page }: Visit) {
  const html = await page.content();
  const cells = [...html.matchAll(/data-figure="([^"]+)">(?:<a[^>]*>)?([\d,]+)/g)];
  const [, settled = ''] = /([\d,]+) of [\d,]+ people settled/.exec(html) ?? [];
  const counts = cells.map(([, name = '', count = '']) => [name, wholeOf(count)]);
  return { ...Object.fromEntries(counts), settled: wholeOf(settled) };
}

/** Figures of a page that grow only, with their names in `status`. */
const COMPARED = [
  ['Created', 'created'],
  ['Already there', 'existing'],
  ['Failed', 'failed'],
] as const;

const numbers = z.object({ created: z.number(), existing: z.number(), failed: z.number() });

async function statusOf(stage: Stage, batch: string) {
  const { stdout } = await stage.run(['status', batch, '--json']);
  return numbers.parse(JSON.parse(stdout));
}

function wholeOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}

describe('a page that is open', () => {
  test('shows what happens without a reload, and its numbers always add up', async () => {
    const { stage, batch, url } = await waiting(300);
    const opened = await visit(`${url}/batches/${batch}`);
    expect(await figures(opened)).toMatchObject({ 'To do': 300, Created: 0, settled: 0 });
    await stage.startWorkers();
    for (let looks = 0; looks < 200; looks += 1) {
      const now = await figures(opened);
      const { Created = 0, 'Already there': there = 0, Failed = 0, 'To do': todo = 0 } = now;
      expect(Created + there + Failed + todo).toBe(300);
      expect(Created + there + Failed).toBe(now.settled);
      if (todo === 0) break;
    }
    await opened.page.getByText('Finished', { exact: true }).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  test('shows of 20,000 people what `onboard status` says, at 50 moments', async () => {
    const { stage, batch, url } = await waiting(20_000, 50);
    // Without its script, a page is of the moment at which it was asked for.
    const opened = await visit('about:blank', { script: false });
    await stage.startWorkers();
    const seen: number[] = [];
    let before = await statusOf(stage, batch);
    for (let looks = 0; looks < 50; looks += 1) {
      await opened.page.goto(`${url}/batches/${batch}`);
      const now = await figures(opened);
      const after = await statusOf(stage, batch);
      expect(now.Created + now['Already there'] + now.Failed + now['To do']).toBe(20_000);
      expect(now.settled).toBe(now.Created + now['Already there'] + now.Failed);
      for (const [figure, name] of COMPARED) {
        expect([figure, now[figure] >= before[name], now[figure] <= after[name]]).toEqual([
          figure,
          true,
          true,
        ]);
      }
      before = after;
      seen.push(now.Created);
    }
    expect(new Set(seen).size).toBeGreaterThan(2);
  });

  test('keeps the focus where it is while the numbers around it change', async () => {
    const { stage, batch, url } = await waiting(3);
    const { page } = await visit(`${url}/batches/${batch}`);
    await page.getByRole('link', { name: 'All activity' }).focus();
    await stage.startWorkers();
    await page.getByText('Finished', { exact: true }).waitFor();
    expect(await page.locator(':focus').textContent()).toBe('All activity');
  });

  test('says that its batch is gone, and does not blame Redis', async () => {
    const { stage, batch, url } = await waiting(3);
    const { page } = await visit(`${url}/batches/${batch}`);
    await page.getByText('Live.').waitFor();
    await stage.redis.zrem(stage.ledger.keys.batches, batch);
    await page.getByText('This page cannot be read any more (E_BATCH_UNKNOWN)').waitFor();
  });

  test('says that it is not live when the stream is blocked, and shows what the server sent', async () => {
    const { batch, url } = await waiting(3);
    const { page, context } = await visit('about:blank');
    await context.route(/\/live\?/, (route) => route.abort());
    await page.goto(`${url}/batches/${batch}`);
    await page.getByText('This page is not live.').waitFor();
    expect(await page.getByText('0 of 3 people settled').count()).toBe(1);
  });
});
