import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { GroupOptions } from '../../src/actions/named-in-list.ts';
import { prepareSubmission } from '../../src/actions/prepare-submission.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { temporaryFolder } from '../intake/intake-fixtures.ts';
import { envelope, html } from '../portal/answers.ts';
import { fakePortal, openClient } from '../portal/fake-portal.ts';
import { onRelease } from '../support/resources.ts';
import { quick } from '../support/timings.ts';

interface Given extends GroupOptions {
  list: string;
  hasKey?: boolean;
  culture?: string;
  /** Answer of the portal to the question for its languages. */
  languages?: readonly string[];
}

/** Prepares a CSV for a portal with these languages, and tells what was asked. */
async function prepared({ list, culture, languages, hasKey, ...ofGroups }: Given) {
  const asked: string[] = [];
  const url = await fakePortal((request, response) => {
    asked.push(`${request.url}`);
    const isCultures = request.url?.endsWith('/settings/cultures') === true;
    const known = isCultures ? languages && envelope(languages) : envelope({});
    const { status, headers, body } = known ?? html(404);
    response.writeHead(status, { ...headers }).end(body);
  });
  const portal = openClient(url);
  const path = join(await temporaryFolder(), 'people.csv');
  await writeFile(path, list);
  const input = { files: [path], stdin: Readable.from([]) };
  const about = { type: 'User', inviteType: 'All', culture, options: {}, ...ofGroups } as const;
  const forPortal = { portal, origin: 'https://portal.example', timings: quick, hasKey };
  const { source, submission } = await prepareSubmission(forPortal, input, about);
  onRelease(() => source.close());
  const rows: NewRow[] = [];
  for await (const row of submission.rows()) rows.push(row);
  return { submission, rows, asked: asked.filter((path) => path.endsWith('cultures')) };
}

const csv = (head: string, ...cells: string[]) =>
  [`email,first_name,last_name${head}`, ...cells.map((cell, n) => `p${n}@example.com,A,B${cell}`)]
    .map((line) => `${line}\n`)
    .join('');
const culturesOf = (rows: readonly NewRow[]) =>
  rows.map((row) => (row.kind === 'person' ? row.person.culture : 'rejected'));

test('a language that the portal does not have is left out of people and invite', async () => {
  const list = csv(',culture', ',', ',de', ',xx');
  const { submission, rows } = await prepared({ list, culture: 'zz', languages: ['en-US', 'de'] });
  expect(submission.culture).toBeUndefined();
  expect(culturesOf(rows)).toEqual([undefined, 'de', undefined]);
  expect(submission.remarks).toMatchObject([
    { code: 'culture-unknown', text: expect.stringMatching(/zz.*left out.*en-US, de/) },
  ]);
});

test('the language of the portal nearest to the given one is sent', async () => {
  const list = csv('', '');
  const { submission, rows } = await prepared({ list, culture: 'de-CH', languages: ['de'] });
  expect([submission.culture, ...culturesOf(rows)]).toEqual(['de', 'de']);
  expect(submission.remarks).toMatchObject([{ code: 'culture-unknown' }]);
});

test('languages are sent as given where the portal does not list its own', async () => {
  const list = csv(',culture', ',xx');
  const { submission, rows, asked } = await prepared({ list, culture: 'zz' });
  expect([submission.culture, ...culturesOf(rows)]).toEqual(['zz', 'xx']);
  expect(asked).toHaveLength(1);
});

test('a list without languages asks for none', async () => {
  const { asked } = await prepared({ list: csv('', ''), languages: ['de'] });
  expect(asked).toEqual([]);
});

test.each(['x', 'e n', 'ab-', 'a'.repeat(20)])(
  'the malformed language %j is never sent',
  async (culture) => {
    const given = prepared({ list: csv('', ''), culture });
    await expect(given).rejects.toMatchObject({ code: 'E_USAGE' });
    const { rows } = await prepared({ list: csv(',culture', `,${culture}`, ',de') });
    expect(culturesOf(rows)).toEqual(['rejected', 'de']);
  },
);

const grouped = csv(',group,team', ',Sales,Blue', ',sales;x,Blue', ',,');

test('a list with groups says which cells it has, for a worker that may read groups', async () => {
  const { submission, rows } = await prepared({ list: grouped, group: ['All of us '] });
  expect(submission).toMatchObject({ groups: 'existing', group: ['All of us '] });
  expect([...(submission.named?.groups ?? [])]).toEqual([
    ['cSales', { rows: 1 }],
    ['cBlue', { rows: 2 }],
    ['csales;x', { rows: 1 }],
    ['nAll of us', { rows: 3 }],
  ]);
  expect(submission.named?.isSettled).toBe(false);
  expect(rows).toMatchObject([{ person: { department: ['Sales', 'Blue'] } }, {}, {}]);
});

test('a list without groups, or whose groups are ignored, has none', async () => {
  const without = await prepared({ list: csv('', '') });
  const ignored = await prepared({ list: grouped, groups: 'ignore' });
  for (const { submission } of [without, ignored]) expect(submission).not.toHaveProperty('named');
  expect(ignored.rows).toMatchObject([{ person: { department: undefined } }, {}, {}]);
});

test('groups that are read another way make another batch, and no groups the same as ever', async () => {
  const ids: string[] = [];
  for (const more of [
    {},
    { groups: 'create' },
    { group: ['x'] },
    { joinExisting: true },
  ] as const) {
    ids.push((await prepared({ list: grouped, ...more })).submission.digest);
  }
  expect(new Set(ids).size).toBe(4);
  const usual = await prepared({
    list: grouped,
    groups: 'existing',
    group: [],
    joinExisting: false,
  });
  expect(usual.submission.digest).toBe(ids[0]);
});

test.each<[string, string, GroupOptions]>([
  ['names that must be known without a key to find them', 'E_CONFIG', { groups: 'require' }],
  ['a system group for everybody', 'E_USAGE', { group: ['cd84e66b-b803-40fc-99f9-b2969a54a1de'] }],
  ['a group without a name', 'E_USAGE', { group: [' '] }],
  ['a group beside ignored ones', 'E_USAGE', { groups: 'ignore', group: ['Sales'] }],
])('%s: nothing is submitted', async (_, code, more) => {
  await expect(prepared({ list: grouped, ...more })).rejects.toMatchObject({ code });
});
