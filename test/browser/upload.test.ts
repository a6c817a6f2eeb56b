import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { timings } from '../../src/timings.ts';
import { servedConsole } from '../console/console-case.ts';
import { uploadsOn } from '../console/upload-case.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Visit, visit } from './chromium.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/people.csv', import.meta.url));
const HOSTILE = '<img src=x onerror=alert(1)>';

/** Writes a list of a name, and returns where it is. */
async function listOf(stage: Stage, text: string, name = 'people.csv'): Promise<string> {
  const path = join(stage.dir, name);
  await writeFile(path, text);
  return path;
}

/** Chooses files on the form and sends it. */
async function upload({ page }: Visit, url: string, files: readonly string[]): Promise<void> {
  await page.goto(`${url}/submit`);
  await page.getByLabel('Files').setInputFiles([...files]);
  await page.getByRole('button', { name: 'Upload and plan' }).click();
  await page.waitForURL(/plans/);
}

/** Loads a page again until it has a text, as somebody without a script does. */
async function reloaded({ page }: Visit, text: string): Promise<void> {
  await waitFor(
    async () => {
      // Chromium refuses to reload a page that it has just swapped in: "Not attached to an active page".
      await page.goto(page.url());
      return page.getByText(text, { exact: true }).first().isVisible();
    },
    { what: text },
  );
}

/** Clicks, and waits for the page that answers. */
async function answered({ page }: Visit, clicked: Locator): Promise<void> {
  const loaded = page.waitForEvent('load');
  await clicked.click();
  await loaded;
}

test('without a script somebody signs in, uploads the example, approves its plan and sees it finished', async () => {
  const stage = await openStage({ env: { CONSOLE_PORT: '0' }, timings, works: true });
  const { stdout } = await printed(stage);
  const [, url = '', code = ''] = /sign in: (\S+)\/sign-in#(\S+)/.exec(stdout) ?? [];
  const visited = await visit(url, { script: false });
  const { page } = visited;
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Start a batch' }).first().click();
  await page.getByLabel('Files').setInputFiles(EXAMPLE);
  await answered(visited, page.getByRole('button', { name: 'Upload and plan' }));
  await reloaded(visited, 'Waits for approval');
  expect(await page.locator('h1').textContent()).toBe('Plan: 202 people from people.csv');
  await page.getByRole('link', { name: 'Approve and run…' }).click();
  await answered(visited, page.getByRole('button', { name: 'Approve and run 202' }));
  if (/plans/.test(page.url())) {
    await reloaded(visited, 'Open the batch');
    await answered(visited, page.getByRole('link', { name: 'Open the batch' }));
  }
  await reloaded(visited, 'Finished');
  expect(page.url()).toMatch(/\/batches\/[^/]+$/);
  expect(await page.getByText('202 of 202 people settled').count()).toBe(1);
  expect(stage.sandbox.state().accounts).toHaveLength(202);
});

/** A console of the built program, once it said how to sign in. */
async function printed(stage: Stage) {
  const running = stage.process.start(['console']);
  await waitFor(() => running.stdout.includes('sign-in#'), { what: 'the address of the console' });
  return running;
}

test('with a script a plan appears by itself, and a list that changed meanwhile submits nothing', async () => {
  const stage = await openStage();
  const { uploads, spool } = uploadsOn(stage);
  const visited = await visit('about:blank');
  const { page, complaints } = visited;
  const url = await servedConsole(stage, 'operator', { uploads });
  const list = await listOf(stage, 'first_name,last_name,email\nAna,Lee,ana@example.com\n');
  await upload(visited, url, [list]);
  await page.getByText('Waits for approval', { exact: true }).waitFor();
  const key = page.url().split('/').at(-1) ?? '';
  const more = 'first_name,last_name,email\nAna,Lee,ana@example.com\nBo,Ek,bo@example.com\n';
  await writeFile(join(spool.filesOf(key), 'people.csv'), more);
  await page.getByRole('link', { name: 'Approve and run…' }).click();
  await page.getByRole('button', { name: 'Approve and run 1' }).click();
  await page.getByText('The plan has moved').waitFor();
  expect(await page.locator('main').textContent()).toMatch(/people\.csv[^.]*changed/);
  expect(await stage.queues.createUser.getJobCounts()).toMatchObject({ waiting: 0 });
  expect(complaints).toEqual([]);
});

test('columns that nobody knows are named on a page, and the list is planned with them', async () => {
  const stage = await openStage();
  const visited = await visit('about:blank');
  const { page } = visited;
  const url = await servedConsole(stage, 'operator', { uploads: uploadsOn(stage).uploads });
  await upload(visited, url, [await listOf(stage, 'vor,nach,adresse\nAna,Lee,ana@example.com\n')]);
  await page.getByRole('link', { name: 'Map the columns…' }).click();
  await page.getByLabel('vor').selectOption({ label: 'first name' });
  await page.getByLabel('nach').selectOption({ label: 'last name' });
  await page.getByLabel('adresse').selectOption({ label: 'e-mail' });
  await page.getByRole('button', { name: 'Plan again' }).click();
  await page.getByText('Waits for approval', { exact: true }).waitFor();
  expect(await page.locator('h1').textContent()).toContain('Plan: 1 person');
});

test('whatever a list, its name and its headers hold is text on every page of an upload', async () => {
  const stage = await openStage();
  const visited = await visit('about:blank');
  const { page, complaints } = visited;
  const url = await servedConsole(stage, 'admin', { uploads: uploadsOn(stage).uploads });
  const head = `first_name,last_name,email,role,group,${HOSTILE}`;
  const rows = [
    `Ana,Lee,ana@example.com,User,${HOSTILE},${HOSTILE}`,
    `${HOSTILE},Lee,bo@example.com,User,,`,
    `Cy,Lee,${HOSTILE},${HOSTILE},,`,
  ];
  const name = `${HOSTILE}.csv`;
  await upload(visited, url, [await listOf(stage, `${head}\n${rows.join('\n')}\n`, name)]);
  await page.getByText('Waits for approval', { exact: true }).waitFor();
  const plan = page.url();
  expect(await page.locator('main').textContent()).toContain(HOSTILE);
  for (const path of ['', '/map', '/approve', '/discard']) {
    await page.goto(plan + path);
    expect(await page.locator('img').count()).toBe(0);
  }
  expect(await (await page.request.get(`${plan}/rejected.csv`)).text()).toContain(HOSTILE);
  await page.goto(url);
  expect(await page.locator('main').textContent()).toContain(HOSTILE);
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
});
