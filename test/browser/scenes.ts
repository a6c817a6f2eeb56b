import { purgeBatch } from '../../src/actions/purge-batches.ts';
import type { Hub } from '../../src/console/live/hub.ts';
import { openBatch } from '../../src/ledger/batch/batches.ts';
import { servedConsole, withoutRedis } from '../console/console-case.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { firstPost } from '../worker/first-post.ts';
import type { Scene } from './scene.ts';

const LISTS = ['/', '/batches', '/people', '/activity', '/queues', '/system', '/help'] as const;

/** Batches in every state that needs no stop of everything. */
async function busyStage(): Promise<Stage> {
  const bad = { before: shapeA(400, 'The name is refused', 'System.ArgumentException') };
  const gone = { before: shapeA(404, 'The item could not be found', 'System.Exception') };
  const plan = firstPost({ 'p1@example.com': bad, 'p2@example.com': bad, 'p3@example.com': gone });
  const stage = await openStage({ plan, works: true, timings: restless });
  const acting = { producer: stage.producer(), by: { user: 'root', host: 'admin1', pid: 1 } };
  await stage.untilFinished(await stage.submit(people(24), { id: 'spring-2026' }));
  await stage.submit(people(8, 100), { id: 'staff-2026', inviteHeld: true });
  await stage.until('staff-2026', ({ gate }) => gate !== null);
  await stage.submit(people(8, 200), { id: 'pilot', limit: 3 });
  await stage.until('pilot', 'waiting');
  await stage.untilFinished(await stage.submit(people(2, 300), { id: 'purged' }));
  await purgeBatch(acting, 'purged', { what: 'batch' });
  await stage.untilFinished(await stage.submit(people(2, 400), { id: 'forgotten' }));
  await purgeBatch(acting, 'forgotten', { what: 'people' });
  await stage.queues.createUser.pause();
  await stage.submit(people(1300, 1000), { id: 'autumn-2026' });
  await openBatch(stage.ledger, {
    id: 'half-way',
    digest: 'd',
    portal: new URL(stage.sandbox.url).origin,
    inviteType: 'All',
  });
  return stage;
}

const BATCHES = ['spring-2026', 'staff-2026', 'pilot', 'forgotten', 'autumn-2026', 'half-way'];

const busy: Scene = {
  name: 'busy',
  pages: [
    ...LISTS.map((path) => [path, 200] as const),
    ...BATCHES.map((batch) => [`/batches/${batch}`, 200] as const),
    ['/batches/purged', 410],
    ['/batches/spring-2025', 404],
    ['/batches/spring-2026/rows', 200],
    ['/batches/spring-2026/rows?state=failed', 200],
    ['/batches/spring-2026/rows?mark=unmailed', 200],
    ['/batches/spring-2026/rows/1', 200],
    ['/batches/spring-2026/activity', 200],
    ['/batches/spring-2026/print', 200],
    ['/batches/spring-2026/retry', 200],
    ['/batches/spring-2026/purge', 200, 'admin'],
    ['/batches/spring-2026', 200, 'admin'],
    ['/', 200, 'viewer'],
    ['/batches/spring-2026', 200, 'viewer'],
    ['/batches/spring-2026/rows', 200, 'viewer'],
    ['/batches/spring-2026/retry', 403, 'viewer'],
    ['/batches/pilot/continue', 200],
    ['/batches/staff-2026/invite', 200],
    ['/batches/autumn-2026/cancel', 200],
    ['/pause', 200],
    ['/nowhere', 404],
    ['/people?found', 200],
    ['/batches/spring-2026/rows?shown', 200],
    ['/batches/spring-2026/retry?moved', 200],
  ],
  acts: {
    '/people?found': async (page) => {
      await page.getByLabel('E-mail address').fill('p1@example.com');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: 'spring-2026' }).first().waitFor();
    },
    '/batches/spring-2026/rows?shown': async (page) => {
      await page.getByRole('button', { name: 'Show people' }).click();
      await page.getByText('p1@example.com').waitFor();
    },
    '/batches/spring-2026/retry?moved': async (page) => {
      await page.evaluate('document.querySelector("[name=people]").value = 2');
      await page.getByRole('button', { name: 'Retry 3' }).click();
      await page.getByRole('heading', { level: 1, name: 'moved' }).waitFor();
    },
  },
  open: async () => {
    const stage = await busyStage();
    return {
      admin: await servedConsole(stage, 'admin'),
      operator: await servedConsole(stage),
      viewer: await servedConsole(stage, 'viewer'),
    };
  },
};

/** A console whose Redis has gone. */
const away: Scene = {
  name: 'without Redis',
  pages: [
    ['/', 503],
    ['/batches/spring-2026', 503],
  ],
  open: async () => {
    const stage = await openStage();
    return { operator: await servedConsole(stage, 'operator', withoutRedis(stage)) };
  },
};

/** A hub whose Redis went away after the page was made. */
const lostHub: Hub = {
  watch: (_topic, listener) => {
    listener({ kind: 'failed', error: new Error('gone') });
    return () => undefined;
  },
  close: () => undefined,
};

const LIVE = ['/', '/batches/spring-2026', '/batches/staff-2026', '/batches/autumn-2026'];

const old: Scene = {
  name: 'with old numbers',
  pages: LIVE.map((path) => [path, 200] as const),
  acts: Object.fromEntries(
    LIVE.map((path) => [path, (page) => page.getByText('Redis does not answer.').waitFor()]),
  ),
  open: async () => {
    const stage = await busyStage();
    return { operator: await servedConsole(stage, 'operator', { hub: lostHub }) };
  },
};

const empty: Scene = {
  name: 'empty',
  // The others are as in the busy one.
  pages: ['/', '/batches', '/activity', '/queues'].map((path) => [path, 200] as const),
  open: async () => ({ operator: await servedConsole(await openStage()) }),
};

export const scenes: readonly Scene[] = [busy, old, empty, away];
