import { expect, test } from 'vitest';
import { noteDeed } from '../../src/actions/note-deed.ts';
import { readActivity } from '../../src/overview/activity.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { consoleOn, readText, sent } from './console-case.ts';
import { textOf } from './console-text.ts';

test('a person is found by the whole address, and the search is recorded without it', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  const console = consoleOn(stage);
  const answer = await sent(console, '/people', { email: ' P1@example.com ' });
  expect(answer.text).toMatch(new RegExp(`In one batch .*${batch}.*people.csv line 3`));
  expect((await sent(console, '/people', { email: 'p1' })).text).toContain('Nobody found');
  const { entries } = await readActivity(stage, { action: 'find', size: 9 });
  expect(entries).toHaveLength(2);
  expect(JSON.stringify(entries)).not.toContain('p1');
});

test('nobody tries out a list of addresses: the 21st search of a minute is refused', async () => {
  const console = consoleOn(await openStage());
  const statuses: number[] = [];
  for (let turn = 0; turn < 21; turn += 1) {
    statuses.push((await sent(console, '/people', { email: `p${turn}@example.com` })).status);
  }
  expect(statuses).toEqual([...Array(20).fill(200), 429]);
});

test('the activity tells who did what, of one batch or of one person', async () => {
  const stage = await openStage();
  const { ledger } = stage;
  const by = { user: 'root', host: 'h1', pid: 1 };
  await noteDeed(ledger, { action: 'sign-in', by: { ...by, name: 'ana', via: 'console' } });
  await noteDeed(ledger, { action: 'download', batch: 'b1', by: { ...by, name: 'ben' } });
  const console = consoleOn(stage);
  expect(await readText(console, '/activity')).toMatch(/ben downloaded people b1 .*ana signed in/);
  expect(await readText(console, '/activity?name=ana')).not.toContain('ben downloaded');
  expect(await readText(console, '/batches/b1/activity')).not.toContain('ana signed in');
});

test('the activity of one kind is found, page by page', async () => {
  const stage = await openStage();
  const { ledger } = stage;
  const by = { user: 'root', sudoUser: 'carla', host: 'h1', pid: 1 };
  await noteDeed(ledger, { action: 'sign-in', by: { ...by, name: 'ben' } });
  for (let turn = 0; turn < 51; turn += 1) await noteDeed(ledger, { action: 'download', by });
  const console = consoleOn(stage);
  const html = await (await console.app.request('/activity?action=download')).text();
  expect(html).toMatch(/<option value="download" selected[^>]*>downloaded people/);
  expect(html).toMatch(/href="\?action=download&amp;before=\d+-\d+" rel="next"/);
  expect(textOf(html)).not.toContain('ben');
  // Somebody who became root is still who acted.
  expect(textOf(html)).toContain('carla downloaded people');
  expect(await readText(console, '/activity?action=sign-in')).toMatch(/ben signed in/);
});

test('the queues page tells jobs, workers and the pace, and finds a job', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  const console = consoleOn(stage);
  const text = await readText(console, '/queues');
  expect(text).toContain('Failed jobs of all rounds');
  expect(text).toMatch(/Creations 2 0 0 0 0/);
  expect(text).toContain('No worker is connected');
  const job = await readText(console, `/queues?queue=create-user&job=${batch}.1.1`);
  expect(job).toContain(`row 1 of ${batch}`);
  expect(await readText(console, '/queues?queue=create-user&job=none.1.1')).toContain('no job');
});
