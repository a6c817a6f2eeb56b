import { expect, test } from 'vitest';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';
import { consoleOn, servedConsole, textOf } from './console-case.ts';

test('a console without a batch says what would stand there and how to begin', async () => {
  const { app } = consoleOn(await openStage());
  const text = textOf(await (await app.request('/')).text());
  expect(text).toContain('No batch yet');
  expect(text).toContain('onboard submit people.csv');
});

test('the page of a batch says who failed, why, and what helps', async () => {
  const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
  const stage = await openStage({ plan: firstPost({ 'p1@example.com': refused }), works: true });
  const batch = await stage.submit(people(3));
  await stage.untilFinished(batch);
  const { app } = consoleOn(stage);
  const text = textOf(await (await app.request(`/batches/${batch}`)).text());
  expect(text).toContain('3 of 3 people settled');
  expect(text).toContain('Finished with failures');
  expect(text).toMatch(/Why people failed .* "bad name"/);
  expect(text).toContain('2 people were invited in 1 request');
});

test('a page that is served has its style and script from the same server', async () => {
  const url = await servedConsole(await openStage());
  const html = await (await fetch(url)).text();
  const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(files).toHaveLength(3);
  for (const path of files) expect((await fetch(url + path)).status).toBe(200);
});
