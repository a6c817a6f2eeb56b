import { expect, test } from 'vitest';
import { makeCode } from '../../src/console/auth/codes.ts';
import { cheapHash, linkAuthOn, usersAuthOn } from '../console/auth/auth-case.ts';
import { servedConsole } from '../console/console-case.ts';
import { openStage } from '../support/stage.ts';
import { visit } from './chromium.ts';

const PASSWORD = 'a password of the test';

/** A console that signs in by codes, with a code for one person. */
async function openLink(name = 'ana') {
  const stage = await openStage();
  const url = await servedConsole(stage, 'viewer', { auth: linkAuthOn(stage).auth });
  const code = await makeCode(stage.ledger, { name, role: 'operator' }, stage.timings);
  return { url, code };
}

test('the printed address fills the code in, and leaves it neither in the address bar nor in the history', async () => {
  const { url, code } = await openLink();
  const { page, complaints } = await visit(`${url}/sign-in#${code}`);
  await page.getByRole('textbox', { name: 'Code' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Code' }).inputValue()).toBe(code);
  expect(page.url()).toBe(`${url}/sign-in`);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  expect(await page.locator('header').textContent()).toContain('ana · operator');
  await page.goBack();
  expect(page.url()).not.toContain(code);
  expect(complaints).toEqual([]);
});

test('without a script the code is typed, and a wrong one says what to do', async () => {
  const { url, code } = await openLink();
  const { page } = await visit(url, { script: false });
  expect(page.url()).toBe(`${url}/sign-in`);
  await page.getByLabel('Code').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('mistyped, used, or older');
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.locator('h1').textContent()).toBe('Overview');
});

test('with the keyboard alone somebody signs in and out, and the way back shows nothing', async () => {
  const stage = await openStage();
  const { auth } = usersAuthOn(stage, `ana:operator:${cheapHash(PASSWORD)}`);
  const url = await servedConsole(stage, 'viewer', { auth });
  const { page, complaints } = await visit(url);
  await page.getByLabel('Name').focus();
  await page.keyboard.type('ana');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  await page.goBack();
  expect(await page.locator('h1').textContent()).toBe('Sign in');
  expect(complaints).toEqual([]);
});

test('a link of another site leads somebody who is signed in to its page', async () => {
  const { url, code } = await openLink();
  const { page, complaints } = await visit(`${url}/sign-in#${code}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.route('http://chat.localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<a href="${url}/batches">look</a>` }),
  );
  await page.goto('http://chat.localhost/');
  await page.getByRole('link', { name: 'look' }).click();
  await page.getByRole('heading', { name: 'Batches', level: 1 }).waitFor();
  expect(complaints).toEqual([]);
});

test('one browser stays signed in to two consoles of one machine', async () => {
  const [first, second] = [await openLink('ana'), await openLink('bo')];
  const { page } = await visit('about:blank');
  for (const { url, code } of [first, second]) {
    await page.goto(`${url}/sign-in#${code}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  }
  await page.goto(first.url);
  expect(await page.locator('header').textContent()).toContain('ana · operator');
  await page.goto(second.url);
  expect(await page.locator('header').textContent()).toContain('bo · operator');
});
