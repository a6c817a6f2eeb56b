import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import { readExistingFile } from '../../src/sandbox/people/existing-file.ts';
import { addGroup } from '../sandbox/support.ts';
import { createdOn } from '../support/people.ts';
import type { Register } from '../support/resources.ts';
import type { Ended } from '../support/running.ts';
import { openStage, type Stage } from '../support/stage.ts';

const PEOPLE = resolve('examples/people.csv');

describe('onboard run on the example list, on a German portal with some of the people there', () => {
  let stage: Stage;
  let existing: string[];
  let first: Ended;
  let again: Ended;
  let report: Report;

  beforeAll(async () => {
    const undo: Parameters<Register>[0][] = [];
    existing = await readExistingFile('examples/already-there.txt');
    const sandbox = { locale: 'de', existing } as const;
    stage = await openStage({ sandbox, register: (each) => undo.unshift(each) });
    for (const name of ['Finance', 'Marketing']) await addGroup(stage.sandbox, name);
    first = await stage.run(['run', PEOPLE]);
    again = await stage.run(['run', PEOPLE, '--json']);
    report = JSON.parse(again.stdout);
    return async () => {
      for (const each of undo) await each({ failed: false });
    };
  });

  test('the report adds up and agrees with the portal', async () => {
    const records = (await readFile(PEOPLE, 'utf8')).trim().split('\n').length - 1;
    expect(report.total).toBe(records);
    expect(report.total).toBe(report.accepted + report.rejected + report.duplicates);
    expect(report.accepted).toBe(report.created + report.existing);
    expect(report).toMatchObject({ state: 'finished', pending: 0, failed: 0, cancelled: 0 });
    expect(report).toMatchObject({ existing: existing.length, invited: report.created });
    expect(createdOn(stage.sandbox)).toHaveLength(report.created);
  });

  test('the exit status is 0, rejected rows or not', () => {
    expect(report.rejected).toBeGreaterThan(0);
    expect([first.code, again.code]).toEqual([0, 0]);
  });

  test('standard output holds the report and nothing else', () => {
    const [head = '', reasons = ''] = first.stdout.split('rejected:\n');
    expect(reasons).toContain(`onboard report ${report.batchId} --rejected\n`);
    expect(head.split('\n')).toEqual([
      expect.stringMatching(/^batch b[0-9a-f]{12}: finished, \d+:\d\d$/),
      `  ${report.total} rows = ${report.accepted} accepted + ${report.rejected} rejected + ${report.duplicates} duplicates`,
      expect.stringContaining(`${report.accepted} accepted = ${report.created} created + `),
      `  ${report.created} invited in 1 request`,
      '',
    ]);
    expect(first.stderr).toContain(`${report.total} rows`);
    expect(first.stderr).toMatch(/\d+ of 202 \(created \d+, existing \d+, failed 0\)/);
  });

  test('--json prints one object with the documented keys', () => {
    const keys =
      'batchId state hold round total accepted types rejected duplicates pending created existing failed cancelled invited notInvitable unmailed groupsMissing otherRole otherRoleBefore inviteRequests unansweredInvites gate startedAt finishedAt peopleRemovedAt durationMs';
    expect(again.stdout.trim().split('\n')).toHaveLength(1);
    expect(Object.keys(report)).toEqual(keys.split(' '));
    expect(report).toMatchObject({ hold: null, round: 1, inviteRequests: 1 });
    const [start, end] = [report.startedAt, report.finishedAt ?? ''].map(Date.parse);
    expect((end ?? 0) - (start ?? 0)).toBe(report.durationMs);
  });

  test('the same file twice is one batch and creates nobody twice', () => {
    expect(first.stdout).toContain(`batch ${report.batchId}:`);
    const { postsByEmail, acceptedInvites } = stage.sandbox.state();
    expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
    expect(acceptedInvites).toHaveLength(1);
  });

  test('the one invite holds the accounts that were created and no other', () => {
    const invited = stage.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
    expect(invited.toSorted()).toEqual(createdOn(stage.sandbox).toSorted());
  });

  test('created people are in the groups of the list, and people who were there in none', () => {
    const { groups, accounts } = stage.sandbox.state();
    expect(groups.map(({ name }) => name).sort()).toEqual(['Finance', 'Marketing']);
    const there = accounts.filter(({ origin }) => origin !== 'post');
    expect(there.every((account) => account.groups.length === 0)).toBe(true);
    expect(groups.every(({ members }) => members > 50)).toBe(true);
    expect(report.groupsMissing).toBe(0);
  });

  test('--strict makes rejected rows exit 3', async () => {
    expect((await stage.run(['run', PEOPLE, '--strict'])).code).toBe(3);
    expect((await stage.run(['submit', PEOPLE, '--strict'])).code).toBe(3);
  });

  test('report gives every row in each format', async () => {
    const [csv, json, ndjson] = await Promise.all(
      ['csv', 'json', 'ndjson'].map((format) =>
        stage.run(['report', report.batchId, '--format', format]),
      ),
    );
    const rows: Record<string, unknown>[] = JSON.parse(json?.stdout ?? '');
    expect(rows).toHaveLength(report.total);
    expect(
      ndjson?.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    expect(csv?.stdout.split('\r\n')[0]).toBe(Object.keys(rows[0] ?? {}).join(','));
    const states = new Map<unknown, number>();
    for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1);
    expect(Object.fromEntries(states)).toEqual({
      created: report.created,
      existing: report.existing,
      rejected: report.rejected,
      duplicate: report.duplicates,
    });
  });

  test('a row tells where it stands in the file and what became of the person', async () => {
    const { stdout } = await stage.run(['report', report.batchId, '--format', 'ndjson']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [account] = stage.sandbox.state().accounts.filter(({ origin }) => origin === 'post');
    expect(rows.find((row) => row.email === account?.email)).toEqual({
      file: PEOPLE,
      line: expect.any(Number),
      email: account?.email,
      name: expect.stringMatching(/\S+ \S+/),
      type: 'User',
      groups: expect.any(String),
      state: 'created',
      code: '',
      reason: '',
      portalId: account?.id,
      attempts: 1,
      invited: true,
      marks: [],
    });
    expect(rows.find((row) => row.email === existing[0])).toMatchObject({
      state: 'existing',
      code: 'already-there',
      invited: false,
    });
    expect(rows.find((row) => row.state === 'duplicate')?.reason).toMatch(
      /people\.csv line \d+\.$/,
    );
  });

  test('status lists the batch and shows it in numbers', async () => {
    const [list, one, json] = await Promise.all([
      stage.run(['status']),
      stage.run(['status', report.batchId]),
      stage.run(['status', '--json']),
    ]);
    expect(list.stdout).toMatch(/^BATCH +STATE +ROWS/);
    expect(list.stdout).toContain(report.batchId);
    expect(one.stdout).toBe(first.stdout);
    expect(JSON.parse(json.stdout)).toEqual([{ ...report, waits: [] }]);
  });
});
