import { expect, test } from 'vitest';
import { readActivity } from '../../src/overview/activity.ts';
import { servedConsole } from '../console/console-case.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';
import { visit } from './chromium.ts';

/** A portal that refuses the first two people once. */
function stageOf() {
  const bad = { before: shapeA(400, 'The name is refused', 'System.ArgumentException') };
  const plan = firstPost({ 'p1@example.com': bad, 'p2@example.com': bad });
  return openStage({ plan, works: true });
}

test('without a script people are paged, and everything can be changed', async () => {
  const stage = await stageOf();
  const url = await servedConsole(stage, 'admin');
  const { page, complaints } = await visit('about:blank', { script: false });
  const link = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
  const button = (name: string) => page.getByRole('button', { name, exact: true }).click();

  await stage.untilFinished(await stage.submit(people(60), { id: 'spring' }));
  await page.goto(`${url}/batches/spring/rows`);
  await link('Next');
  expect(await page.getByText('51 to 60 of 60').count()).toBe(1);
  await page.goto(`${url}/batches/spring/rows?state=failed`);
  await link('Retry all 2…');
  await button('Retry 2');
  await stage.until('spring', ({ round, state }) => round === 2 && state === 'finished');
  // From here on nobody has failed, on any page but the story of one person.
  for (const path of ['/', '/batches', '/batches/spring', '/batches/spring/rows?state=failed']) {
    await page.goto(url + path);
    const text = await page.locator('main').textContent();
    expect(text).not.toMatch(/with failures|[1-9]\d* failed|Failed\s+[1-9]\d*\b(?!:)/);
  }

  await stage.submit(people(3, 100), { id: 'staff', inviteHeld: true });
  await stage.until('staff', ({ gate }) => gate !== null);
  await page.goto(url);
  await link('Look and invite');
  await button('Invite 3');
  await stage.untilFinished('staff');
  const invited = stage.sandbox.state().acceptedInvites.at(-1)?.emails;
  expect(invited?.toSorted()).toEqual([100, 101, 102].map((each) => `p${each}@example.com`));

  await stage.submit(people(8, 200), { id: 'pilot', limit: 3 });
  await stage.until('pilot', 'waiting');
  await page.goto(url);
  await link('Look and continue');
  await button('Continue with 5');
  await stage.untilFinished('pilot');

  await page.goto(`${url}/pause`);
  await button('Pause');
  await stage.submit(people(4, 300), { id: 'mistake' });
  await page.goto(`${url}/batches/mistake`);
  await link('Cancel…');
  await page.getByLabel('are not invited').check();
  await button('Cancel the batch');
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  await link('Resume…');
  await button('Resume');
  expect(await page.getByText('Resume…').count()).toBe(0);

  await page.goto(`${url}/batches/spring/purge`);
  await page.getByLabel('the whole batch').check();
  await page.getByLabel('Type spring to confirm').fill('sprin');
  await button('Purge');
  expect(await page.locator('h1').textContent()).toBe('Nothing was purged');
  await page.goBack();
  await page.getByLabel('the whole batch').check();
  await page.getByLabel('Type spring to confirm').fill('spring');
  await button('Purge');
  expect((await page.goto(`${url}/batches/spring`))?.status()).toBe(410);
  expect(complaints.filter((text) => !/status of 4(?:00|10)/.test(text))).toEqual([]);
});

test('of two tabs with the same confirmation one begins a round, and the other shows both numbers', async () => {
  const stage = await stageOf();
  await stage.untilFinished(await stage.submit(people(6), { id: 'spring' }));
  const url = await servedConsole(stage);
  const { page: one, context } = await visit(`${url}/batches/spring/retry?code=bad-request`);
  const two = await context.newPage();
  await two.goto(one.url());
  await one.getByRole('button', { name: 'Retry 2' }).click();
  await one.waitForURL(/batches\/spring$/);
  const answer = two.waitForResponse((response) => response.request().method() === 'POST');
  await two.getByRole('button', { name: 'Retry 2' }).click();
  expect((await answer).status()).toBe(409);
  expect(await two.locator('main').textContent()).toMatch(/round 1[\s\S]*round 2/);
  const report = await stage.until('spring', (now) => now.round > 1 && now.state === 'finished');
  expect(report).toMatchObject({ round: 2, created: 6, failed: 0, invited: 6 });
  const { entries } = await readActivity(stage, { batch: 'spring', action: 'retry', size: 9 });
  expect(entries.map(({ outcome }) => outcome).sort()).toEqual(['done', 'failed']);
});
