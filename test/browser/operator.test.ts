import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { holdReason } from '../../src/stops.ts';
import { timings } from '../../src/timings.ts';
import { servedConsole, TOKEN } from '../console/console-case.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { firstPost } from '../worker/first-post.ts';
import { type Visit, visit } from './chromium.ts';

/** Windows in which a remedy is seen at once. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];

/** Text that would be an image with a script, were it not text. */
const HOSTILE = '<img src=x onerror=alert(1)>';

/** A finished batch with two failures of one reason, and one whose invite is held back. */
async function lived(words = 'The name is refused'): Promise<Stage> {
  const bad = { before: shapeA(400, words, 'System.ArgumentException') };
  const plan = firstPost({ 'p1@example.com': bad, 'p2@example.com': bad });
  const stage = await openStage({ plan, works: true });
  await stage.untilFinished(await stage.submit(people(6), { id: 'spring' }));
  await stage.submit(people(3, 100), { id: 'staff', inviteHeld: true });
  await stage.until('staff', ({ gate }) => gate !== null);
  return stage;
}

async function follow({ page }: Visit, names: readonly string[]): Promise<string> {
  for (const name of names) await page.getByRole('link', { name, exact: true }).first().click();
  return (await page.locator('main').textContent()) ?? '';
}

test('every question of an operator is answered two clicks from the front page', async () => {
  const stage = await lived();
  const url = await servedConsole(stage);
  const paths: [string[], RegExp][] = [
    [['spring'], /Why people failed[\s\S]*The portal refuses the data/],
    [['2'], /1 to 2 of 2/],
    [['staff', 'All activity'], /Activity/],
    [['Find a person'], /E-mail address/],
    [['Activity'], /Who/],
    [['Look and invite'], /Invite 3 people\?/],
    [['spring', 'Download 2'], /./],
  ];
  const visited = await visit('about:blank');
  for (const [names, expected] of paths) {
    await visited.page.goto(url);
    expect(await follow(visited, names)).toMatch(expected);
  }
});

test('a gate, or a hold, and its remedy are seen without scrolling, on a desk and on a phone', async () => {
  const stage = await lived();
  const url = await servedConsole(stage);
  const { page } = await visit('about:blank');
  const isSeenFirst = async (path: string, reason: string, remedy: string) => {
    await page.goto(url + path);
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain(reason);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const box = await page.getByRole('link', { name: remedy }).first().boundingBox();
      expect((box?.y ?? size.height) + (box?.height ?? 0)).toBeLessThan(size.height);
    }
  };
  await isSeenFirst('/batches/staff', 'The invite is held back', 'Invite now…');
  await isSeenFirst('/', 'staff: the invite is held back', 'Invite now…');
  await setHold(stage.ledger, { ...holdReason('key-rejected'), since: Date.now() });
  const paths = ['/', '/batches', '/batches/staff', '/batches/spring/rows', '/people', '/help'];
  for (const path of paths) {
    await isSeenFirst(path, 'the portal does not accept the API key', 'Resume…');
  }
});

test('somebody without a mouse finds the failed, retries one reason and signs out', async () => {
  const stage = await lived();
  const url = await servedConsole(stage);
  const { page } = await visit(url);
  const reach = async (name: string) => {
    const focused = page.locator(':focus');
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await focused.textContent())?.trim() === name) return page.keyboard.press('Enter');
    }
    throw new Error(`${name} cannot be reached by keyboard`);
  };
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
  await reach('2');
  await page.waitForURL(/state=failed/);
  await reach('Retry all 2…');
  await page.waitForURL(/retry/);
  await reach('Retry 2');
  await page.waitForURL(/batches\/spring$/);
  await stage.until('spring', ({ round, state }) => round === 2 && state === 'finished');
  await page.getByText('Finished', { exact: true }).waitFor();
  const answered = page.waitForResponse(/sign-out$/);
  await reach('Sign out');
  await (await answered).finished();
});

test('whatever is written in a list or by the portal is text on every page', async () => {
  const stage = await lived(HOSTILE);
  const [row] = people(1, 500);
  if (row?.kind !== 'person') throw new Error('no person');
  const { kind, at, person } = row;
  const place = { ...at, file: `${HOSTILE}.csv` };
  const rejected = {
    kind: 'rejected' as const,
    at: { ...place, line: 3 },
    raw: { email: HOSTILE },
    faults: [{ field: HOSTILE, code: 'email-shape', value: HOSTILE, reason: HOSTILE }],
  };
  await stage.submit([{ kind, at: place, person: { ...person, comment: HOSTILE } }, rejected], {
    id: 'hostile',
    remarks: [{ code: 'hidden-rows', text: HOSTILE }],
  });
  await stage.untilFinished('hostile');
  const viewer = { name: HOSTILE, role: 'admin', token: TOKEN } as const;
  const auth = { identify: async () => viewer, routes: [] };
  const url = await servedConsole(stage, 'admin', { label: HOSTILE, auth });
  const { page, complaints } = await visit('about:blank');
  const paths = [
    '/',
    '/batches/spring',
    '/batches/spring/rows?state=failed',
    '/batches/spring/rows/1',
  ];
  const others = ['', '/rows', '/rows/0', '/rows/1', '/activity?name=%3Cimg%3E', '/print'];
  for (const path of [...paths, ...others.map((each) => `/batches/hostile${each}`)]) {
    await page.goto(url + path);
    expect([path, await page.locator('img').count()]).toEqual([path, 0]);
    expect(await page.locator('body').textContent()).toContain('<img src=x');
  }
  // A live update, too.
  await page.goto(`${url}/batches/hostile`);
  await setHold(stage.ledger, { ...holdReason('key-rejected', {}, HOSTILE), since: Date.now() });
  await page.locator('.banner', { hasText: HOSTILE }).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await (await page.request.get(`${url}/batches/hostile/rejected.csv`)).text()).toContain(
    HOSTILE,
  );
  await page.goto(`${url}/activity`);
  expect(await page.locator('main').textContent()).toContain(`${HOSTILE}`);
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('while Redis is away a page says so and keeps no old number as new', async () => {
  const redis = await ownRedis();
  const stage = await openStage({ redis: redis.url, env: { CONSOLE_PORT: '0' }, timings });
  await stage.submit(people(4), { id: 'spring' });
  const running = stage.process.start(['console']);
  const [, link = ''] = await waitFor(() => /sign in: (\S+)/.exec(running.stdout));
  const { page } = await visit(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'spring' }).first().click();
  await page.getByText('Live.').waitFor();
  await redis.kill();
  await page.getByText('Redis does not answer.').waitFor({ timeout: 5000 });
  expect(await page.locator('main.stale').count()).toBe(1);
  const other = await page.context().newPage();
  expect((await other.goto(page.url()))?.status()).toBe(503);
  await redis.restart();
  await page.getByText('Live.').waitFor({ timeout: 5000 });
  await waitFor(async () => (await page.locator('main.stale').count()) === 0);
});

test('a page with its style and script weighs at most 30 KB, and asks nobody else', async () => {
  const stage = await lived();
  const url = await servedConsole(stage);
  const { page } = await visit('about:blank');
  const [origins, weights] = [new Set<string>(), new Map<string, Promise<number>>()];
  page.on('response', (answer) => {
    const { origin, pathname } = new URL(answer.url());
    origins.add(origin);
    if (pathname.endsWith('/live')) return;
    weights.set(
      pathname,
      answer.body().then((body) => gzipSync(body).length),
    );
  });
  await page.goto(`${url}/batches/spring`);
  await page.getByText('Live.').waitFor();
  const bytes = (await Promise.all(weights.values())).reduce((sum, each) => sum + each, 0);
  expect([...origins]).toEqual([url]);
  expect(weights.size).toBeGreaterThan(4);
  expect(bytes).toBeGreaterThan(5000);
  expect(bytes).toBeLessThan(30_000);
});
