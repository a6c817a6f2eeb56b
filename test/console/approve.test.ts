import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConsoleDeps } from '../../src/console/console-deps.ts';
import { readActivity } from '../../src/overview/activity.ts';
import { acceptedName } from '../../src/process/actor.ts';
import { peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { readText, sent, TOKEN } from './console-case.ts';
import { textOf } from './console-text.ts';
import { ruledPortal } from './ruled-portal.ts';
import { formOf, uploadingConsole, uploadsOn } from './upload-case.ts';

/** An approval waits for its submission, however busy the machine is. */
const timings = { approvalShownMs: 60_000 };

const LIST = { 'people.csv': peopleCsv(3) };

/** Sends the form of the page that asks for an approval. */
async function approve(console: ReturnType<typeof uploadingConsole>, location: string) {
  const path = `${location}/approve`;
  return sent(console, path, await formOf(console, path));
}

test('what was planned is submitted after an approval, and the log has who uploaded, approved and submitted', async () => {
  const stage = await openStage({ works: true, timings });
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST, { batch: 'staff' });
  expect(await readText(console, '/')).toMatch(
    /Needs you A plan of 3 people from people.csv waits/,
  );
  expect(await readText(console, `${location}/approve`)).toContain('Create accounts for 3 people?');
  expect((await approve(console, location)).location).toBe('/batches/staff');
  expect(await stage.untilFinished('staff')).toMatchObject({ created: 3, invited: 3 });
  expect((await stage.rows('staff'))[0]).toMatchObject({ file: 'people.csv' });
  const { entries } = await readActivity(stage, { batch: 'staff', size: 9 });
  const deeds = entries.map(({ action, by }) => [action, by.name, by.via]);
  expect(deeds.reverse()).toEqual([
    ['plan', 'ana', 'console'],
    ['approve', 'ana', 'console'],
    ['submit', 'ana', 'console'],
  ]);
  expect(existsSync(console.spool.filesOf(location.split('/')[2] ?? ''))).toBe(false);
  expect(await readText(console, location)).toMatch(/Submitted .*Open the batch/);
  expect((await console.app.request(`${location}/rejected.csv`)).status).toBe(404);
});

test('of two tabs that approve the same plan one submits it, and the other changes nothing', async () => {
  const stage = await openStage({ timings });
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST, { batch: 'staff' });
  const form = await formOf(console, `${location}/approve`);
  const both = [1, 2].map(() => sent(console, `${location}/approve`, form));
  const answers = (await Promise.all(both)).map(({ status }) => status).sort();
  expect(answers).toEqual([303, 409]);
  const { entries } = await readActivity(stage, { action: 'submit', size: 9 });
  expect(entries).toHaveLength(1);
});

test('a file that changes between plan and approval submits nothing, and the page names what moved', async () => {
  const stage = await openStage({ timings });
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST, { batch: 'staff' });
  const files = console.spool.filesOf(location.split('/')[2] ?? '');
  // Names of groups, which were not there before, are a change of the file and of nothing else.
  writeFileSync(
    join(files, 'people.csv'),
    peopleCsv(4).replaceAll('\n', ',Sales\n').replace(',Sales', ',group'),
  );
  expect((await approve(console, location)).location).toBe(location);
  const text = textOf(await console.settled(location));
  expect(text).toMatch(
    /The plan has moved Nothing was submitted: since the plan, the files have changed; plan again/,
  );
  expect(text).toContain('Plan again');
  await expect(stage.report('staff')).rejects.toMatchObject({ code: 'E_BATCH_UNKNOWN' });
});

test('people whom another batch claims between plan and approval are a plan that moved', async () => {
  const stage = await openStage();
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST, { batch: 'staff' });
  stage.write('others.csv', peopleCsv(1));
  expect((await stage.run(['submit', 'others.csv'])).code).toBe(0);
  await approve(console, location);
  expect(textOf(await console.settled(location))).toMatch(
    /since the plan, other rows are accepted/,
  );
});

test('a plan that was made again since its page was shown is not approved by the page of before', async () => {
  const console = uploadingConsole(await openStage());
  const { location } = await console.plan(LIST);
  const { status, text } = await sent(console, `${location}/approve`, { plan: 'p1-old' });
  expect([status, text]).toEqual([409, expect.stringContaining('look once more')]);
});

test('where another person approves, the uploader cannot', async () => {
  const stage = await openStage();
  const { uploads } = uploadsOn(stage, { approval: 'other' });
  const console = uploadingConsole(stage, { uploads });
  const { location } = await console.upload(LIST);
  const shown = await console.app.request(`${location}/approve`);
  expect([shown.status, (await sent(console, `${location}/approve`)).status]).toEqual([403, 403]);
  expect(await readText(console, `${location}/approve`)).toContain('somebody else approves');
});

test('types beyond User are approved by an admin alone', async () => {
  const stage = await openStage({ timings });
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST, { type: 'RoomAdmin', batch: 'staff' });
  const refused = await sent(console, `${location}/approve`);
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('ask an admin')]);
  const admin = uploadingConsole(stage, { role: 'admin', uploads: console.uploads });
  expect((await approve(admin, location)).location).toBe('/batches/staff');
});

test('a plan that is discarded leaves nothing on the disk, and who did it is in the log', async () => {
  const stage = await openStage();
  const console = uploadingConsole(stage);
  const { location } = await console.plan(LIST);
  expect((await sent(console, `${location}/discard`)).location).toBe('/');
  expect(await console.spool.keys()).toEqual([]);
  const { entries } = await readActivity(stage, { action: 'discard', size: 9 });
  expect(entries).toMatchObject([{ by: { name: 'ana' } }]);
});

test('a fault of a check is shown with its remedy, and nobody can approve', async () => {
  const stage = await openStage({ env: { DOCSPACE_API_KEY: `sk-${'0'.repeat(64)}` } });
  const { text } = await uploadingConsole(stage).plan(LIST);
  expect(text).toMatch(/cannot be submitted yet .*✗ fault: The portal does not accept the API key/);
  expect(text).not.toContain('Approve and run');
});

test('while a submission of a killed console still runs, an approval says to wait and leads to the batch', async () => {
  const stage = await openStage({ timings });
  const { uploads } = uploadsOn(stage, {}, { producerLockMs: 300 });
  const console = uploadingConsole(stage, { uploads });
  const { location } = await console.upload(LIST, { batch: 'staff' });
  await waitFor(async () => (await readText(console, location)).includes('Waits for approval'));
  await stage.redis.set(stage.ledger.keys.lock('staff'), 'an orphan', 'PX', 60_000);
  expect((await approve(console, location)).location).toBe(location);
  const html = await (await console.app.request(location)).text();
  expect(textOf(html)).toMatch(
    /A submission of this batch still runs .*Wait until it has ended, then approve again/,
  );
  expect(html).toContain('href="/batches/staff"');
});

test('purging a batch in the console removes its upload and its plan from the disk', async () => {
  const stage = await openStage({ works: true, timings: { ...timings, purgeRestMs: 0 } });
  const console = uploadingConsole(stage, { role: 'admin' });
  const { location } = await console.plan(LIST, { batch: 'staff' });
  await console.plan(LIST, { batch: 'staff', limit: '2' });
  await approve(console, location);
  await stage.untilFinished('staff');
  const path = '/batches/staff/purge';
  const form = { ...(await formOf(console, path)), what: 'people', name: 'staff' };
  expect((await sent(console, path, form)).location).toBe('/batches/staff');
  expect(await console.spool.keys()).toEqual([]);
});

test('a name of a proxy that is no name for a command is one in the whole log, and the list is submitted', async () => {
  const stage = await openStage({ timings });
  const name = `Ana\u2028${'x'.repeat(300)}`;
  const auth: ConsoleDeps['auth'] = {
    identify: async () => ({ name, role: 'operator', token: TOKEN }),
    routes: [],
  };
  const console = uploadingConsole(stage, { auth });
  const { location } = await console.plan(LIST, { batch: 'staff' });
  expect((await approve(console, location)).location).toBe('/batches/staff');
  const { entries } = await readActivity(stage, { action: 'submit', size: 9 });
  expect(entries.map(({ by }) => by.name)).toEqual([acceptedName(name)]);
});

test('a rule of the portal that rejects another person than planned submits nothing, though as many are accepted', async () => {
  const { sandbox } = await openStage();
  const { rule, url } = await ruledPortal(sandbox);
  const stage = await openStage({
    timings,
    env: { DOCSPACE_URL: url, DOCSPACE_API_KEY: sandbox.key },
  });
  const console = uploadingConsole(stage);
  const list = 'email,first_name,last_name\np0@example.com,Ana,Lee\np1@example.com,R2D2,Lee\n';
  const { location, text } = await console.plan({ 'people.csv': list }, { batch: 'staff' });
  expect(text).toMatch(/Plan: 1 person .*Rejected 1/);
  rule.names = '^[^A]*$';
  expect((await approve(console, location)).location).toBe(location);
  expect(textOf(await console.settled(location))).toMatch(
    /Nothing was submitted: .*other rows are accepted.*a rule of the portal/,
  );
  await expect(stage.report('staff')).rejects.toMatchObject({ code: 'E_BATCH_UNKNOWN' });
});
