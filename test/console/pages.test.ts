import { describe, expect, test } from 'vitest';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { holdReason } from '../../src/stops.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';
import { consoleOn, readText, sent, servedConsole, withoutRedis } from './console-case.ts';
import { textOf } from './console-text.ts';

/** A finished batch of three, one of whom failed with a sentence of the portal about her address. */
async function withFailure(): Promise<{ stage: Stage; batch: string }> {
  const words = 'p1@example.com is a bad name';
  const refused = { before: shapeA(400, words, 'System.ArgumentException') };
  const stage = await openStage({ plan: firstPost({ 'p1@example.com': refused }), works: true });
  const batch = await stage.submit(people(3));
  await stage.untilFinished(batch);
  return { stage, batch };
}

test('a console without a batch says what would stand there and how to begin', async () => {
  const text = await readText(consoleOn(await openStage()), '/');
  expect(text).toContain('No batch yet');
  expect(text).toContain('onboard submit people.csv');
});

test('the page of a batch says who failed, why, and what helps', async () => {
  const { stage, batch } = await withFailure();
  const text = await readText(consoleOn(stage), `/batches/${batch}`);
  expect(text).toContain('3 of 3 people settled');
  expect(text).toContain('Finished with failures');
  expect(text).toMatch(/Why people failed .* is a bad name/);
  expect(text).toContain('2 people were invited in 1 request');
});

test('the list of batches is found by state and by the beginning of a name', async () => {
  const stage = await openStage();
  await stage.submit(people(1), { id: 'spring' });
  await stage.submit(people(1, 5), { id: 'autumn' });
  const app = consoleOn(stage);
  expect(await readText(app, '/batches')).toMatch(/autumn .*spring/);
  expect(await readText(app, '/batches?prefix=spr')).not.toContain('autumn');
  expect(await readText(app, '/batches?state=finished')).toContain('No batch is so.');
});

test('people are masked in a list and shown after an operator asked for it', async () => {
  const { stage, batch } = await withFailure();
  const { app } = consoleOn(stage);
  const path = `/batches/${batch}/rows?state=failed`;
  const masked = textOf(await (await app.request(path)).text());
  expect(masked).toContain('p***@example.com');
  expect(masked).not.toContain('p1@example.com');
  expect((await sent({ app }, path)).text).toContain('p1@example.com');
});

test('a viewer sees neither a person nor a sentence of the portal, and may not ask for them', async () => {
  const { stage, batch } = await withFailure();
  const app = consoleOn(stage, 'viewer');
  for (const path of ['', '/rows', '/rows/0', '/rows/1', '/rows?state=failed']) {
    const text = await readText(app, `/batches/${batch}${path}`);
    expect(text).not.toMatch(/p\d@example\.com|bad name|Show p|people\.csv/);
  }
  expect((await sent(app, `/batches/${batch}/rows`)).status).toBe(403);
});

test('the page of a person tells what happened, in order', async () => {
  const { stage, batch } = await withFailure();
  const rows = await stage.rows(batch);
  const failed = rows.findIndex(({ state }) => state === 'failed');
  const app = consoleOn(stage);
  expect(await readText(app, `/batches/${batch}/rows/${failed}`)).toMatch(
    /What happened Recorded .* Failed/,
  );
  expect((await app.app.request(`/batches/${batch}/rows/99`)).status).toBe(404);
});

test('a batch that does not exist is named with those like it', async () => {
  const stage = await openStage();
  await stage.submit(people(1), { id: 'spring-2026' });
  const response = await consoleOn(stage).app.request('/batches/spring-2025');
  expect([response.status, textOf(await response.text())]).toEqual([
    404,
    expect.stringContaining('Names like it: spring-2026'),
  ]);
});

test('a hold stands first on every page, with its remedy', async () => {
  const { stage, batch } = await withFailure();
  await setHold(stage.ledger, { ...holdReason('key-rejected'), since: Date.now() });
  const app = consoleOn(stage);
  for (const path of ['/', '/batches', `/batches/${batch}`, `/batches/${batch}/rows`]) {
    const html = await (await app.app.request(path)).text();
    const [, first] = /<h2>([^<]*)<\/h2>/.exec(html) ?? [];
    expect(first).toBe('Everything is held: the portal does not accept the API key');
    expect(textOf(html)).toContain('Check that the key is complete');
  }
});

test('a page has one primary button, also where an invite waits', async () => {
  const stage = await openStage({ works: true });
  await stage.submit(people(2), { id: 'staff', inviteHeld: true });
  await stage.until('staff', ({ gate }) => gate !== null);
  const console = consoleOn(stage);
  for (const path of ['/', '/batches/staff', '/batches/staff/invite']) {
    const html = await (await console.app.request(path)).text();
    expect([path, html.match(/class="(?:button )?primary"/g)?.length]).toEqual([path, 1]);
  }
});

test('without Redis a page says so with 503 and shows no number', async () => {
  const stage = await openStage();
  const response = await consoleOn(stage, 'operator', withoutRedis(stage)).app.request('/');
  expect([response.status, textOf(await response.text())]).toEqual([
    503,
    expect.stringContaining('Redis does not answer'),
  ]);
});

describe('served', () => {
  test('a page has its style and script from the same server', async () => {
    const url = await servedConsole(await openStage());
    const html = await (await fetch(url)).text();
    const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    expect(files).toHaveLength(3);
    for (const path of files) expect((await fetch(url + path)).status).toBe(200);
  });
});
