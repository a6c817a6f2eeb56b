import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { workbook } from '../support/workbook.ts';
import { readText } from './console-case.ts';
import { textOf } from './console-text.ts';
import { uploadingConsole } from './upload-case.ts';

const ODD = 'Contact,First,Last\np0@example.com,Ana,Lee\np1@example.com,Ben,Lee\n';

test('a list that was uploaded has a plan with its numbers, columns, rows that stay out and checks', async () => {
  const console = uploadingConsole(await openStage());
  const list = `${peopleCsv(3)}broken,Cy,Lee\np0@example.com,Cy,Lee\n`;
  const { text } = await console.plan({ 'people.csv': list });
  expect(text).toMatch(/Plan: 3 people from people.csv Waits for approval/);
  expect(text).toMatch(
    /To create 3 Already there not asked Rejected 1 Duplicates 1 Invite 1 request/,
  );
  expect(text).toMatch(/email e-mail p\*\*\*@example.com read/);
  expect(text).toMatch(/1 people.csv line 5/);
  expect(text).toMatch(/Checks .*✓ fine: the portal accepts the key/);
  expect(text).not.toMatch(/p0@example|Lee/);
});

test('rows that stay out are downloaded as a list to correct', async () => {
  const console = uploadingConsole(await openStage());
  const { location } = await console.plan({ 'people.csv': `${peopleCsv(1)}broken,=Cy,Lee\n` });
  const csv = await (await console.app.request(`${location}/rejected.csv`)).text();
  expect(csv.split('\r\n')).toEqual([
    'email,first_name,last_name,type,culture,department,comment,file,line,code,reason',
    expect.stringMatching(/^broken,'=Cy,Lee,,,,,people.csv,3,email-shape,/),
    '',
  ]);
});

test('headers that nobody knows are mapped on a page, and the list is planned again', async () => {
  const console = uploadingConsole(await openStage());
  const { location, text } = await console.plan({ 'odd.csv': ODD });
  expect(text).toMatch(/cannot be planned as it is .*no column for email.*Map the columns/);
  expect(await readText(console, `${location}/map`)).toContain('Contact');
  const form = new URLSearchParams({ token: 'token-of-the-session' });
  const meant = { Contact: 'email', First: '', Last: 'last_name' };
  for (const [header, means] of Object.entries(meant)) {
    form.append('header', header);
    form.append('means', means);
  }
  const headers = { origin: 'http://localhost' };
  await console.app.request(`${location}/map`, { method: 'POST', body: form, headers });
  expect(textOf(await console.settled(location))).toMatch(/Plan: 2 people .*Contact e-mail/);
});

test('a form of another session uploads nothing', async () => {
  const console = uploadingConsole(await openStage());
  const { status } = await console.upload({ 'people.csv': peopleCsv(1) }, {}, 'theirs');
  expect([status, readdirSync(console.root)]).toEqual([403, []]);
});

test('an option that is wrong says what to give, and leaves nothing behind', async () => {
  const console = uploadingConsole(await openStage());
  const { status, text } = await console.upload({ 'people.csv': peopleCsv(1) }, { limit: 'x' });
  expect([status, text, readdirSync(console.root)]).toEqual([
    400,
    expect.stringContaining(
      'E_USAGE: “Begin with this many people” x: give a whole number, 1 or more',
    ),
    [],
  ]);
});

test('a list that is too large is refused, and one that is not leaves room for the next', async () => {
  const console = uploadingConsole(await openStage());
  const { status, text } = await console.upload({ 'people.csv': 'x'.repeat(1_100_000) });
  expect([status, text, readdirSync(console.root)]).toEqual([
    413,
    expect.stringContaining('more than 1 MiB together'),
    [],
  ]);
  expect((await console.upload({ 'people.csv': peopleCsv(1) })).status).toBe(303);
});

test('the time of an invite is shown in its zone, with the offset, and in UTC', async () => {
  const console = uploadingConsole(await openStage());
  const at = { invite: 'at', inviteAt: '2099-07-01T08:30', inviteZone: 'Europe/Berlin' };
  const { text } = await console.plan({ 'people.csv': peopleCsv(1) }, at);
  expect(text).toContain('2099-07-01 08:30 Europe/Berlin (+02:00), 2099-07-01 06:30 UTC');
});

test('the template is a list whose example is rejected where somebody leaves it in', async () => {
  const console = uploadingConsole(await openStage());
  const template = await (await console.app.request('/submit/template.csv')).text();
  const { text } = await console.plan({ 'people.csv': `${template}p0@example.com,Ana,Lee,,,\r\n` });
  expect(text).toMatch(/Plan: 1 person .*Rejected 1/);
});

test('a viewer sees neither the form nor a plan', async () => {
  const stage = await openStage();
  const console = uploadingConsole(stage, { role: 'viewer' });
  expect((await console.app.request('/submit')).status).toBe(403);
  expect((await console.app.request('/plans/000000000000000000000000')).status).toBe(403);
  expect(await readText(console, '/')).not.toContain('Start a batch');
});

test('a console that takes no lists says where to upload, and does everything else', async () => {
  const stage = await openStage();
  const why = 'Another console takes the lists of this prefix: process 7 on admin1.';
  const console = uploadingConsole(stage, { uploads: { closed: why } });
  expect(await readText(console, '/submit')).toContain('process 7 on admin1');
  expect((await console.app.request('/')).status).toBe(200);
});

test('a plan that is over its day is no longer there, and its page says so', async () => {
  const console = uploadingConsole(await openStage());
  const answer = await console.app.request('/plans/000000000000000000000000');
  expect([answer.status, textOf(await answer.text())]).toEqual([
    404,
    expect.stringContaining('a plan lives 24 hours'),
  ]);
});

test('the name of a sheet is text on the page of its plan, and so is that of a group', async () => {
  const hostile = '<b onclick=x>New hires</b>';
  const cells = [
    ['email', 'first_name', 'last_name', 'group'],
    ['p0@example.com', 'Ana', 'Lee', hostile],
  ];
  // The names stand in the XML as they are.
  const file = workbook({ '&lt;i>Leavers': [['nothing'], ['here']], '&lt;i>Hires': cells });
  const console = uploadingConsole(await openStage());
  const { html, text } = await console.plan({ 'people.xlsx': file }, { groups: 'create' });
  expect(text).toMatch(/Plan: 1 person .*To be created: <b onclick=x>New hires<\/b> \(1\)/);
  expect(text).toMatch(/<i>(Leavers|Hires)/);
  expect(html).not.toMatch(/<b |<i>/);
});
