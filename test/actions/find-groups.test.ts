import { expect, test } from 'vitest';
import { findGroups, withGroups } from '../../src/actions/find-groups.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { noteGroupsReady, storeNamed } from '../../src/ledger/groups/named-groups.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { cellKey, type GroupMode } from '../../src/people/groups.ts';
import { fakePortal, openClient } from '../portal/fake-portal.ts';
import { addGroup } from '../sandbox/support.ts';
import { person } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

function row(email: string, department: string[]): NewRow {
  const one = person(email);
  return one.kind === 'person' ? { ...one, person: { ...one.person, department } } : one;
}

const rows = [row('p0@example.com', ['Sales']), row('p1@example.com', ['Salez'])];

/** A stage whose portal has a group, and a submission that names it and another one. */
async function stageWith(mode: GroupMode) {
  const stage = await openStage();
  const id = await addGroup(stage.sandbox, 'Sales');
  const groups = new Map([cellKey('Sales'), cellKey('Salez')].map((key) => [key, { rows: 1 }]));
  const named = { groups, isSettled: false };
  const submission = stage.submission(rows, { named, groups: mode, id: 'b1' });
  const { signal } = new AbortController();
  const finding = { portal: stage.portal, ledger: stage.ledger, signal, withinMs: 5000 };
  return { stage, id, submission, finding };
}

const codesOf = async (all: AsyncIterable<NewRow>) => {
  const codes: string[] = [];
  for await (const each of all)
    codes.push(each.kind === 'person' ? 'person' : `${each.faults[0]?.code}`);
  return codes;
};

test('the same submission again has the same rows, although the portal has other groups now', async () => {
  const { stage, submission, finding } = await stageWith('require');
  const found = await findGroups(finding, submission);
  if (found === undefined) throw new Error('not found');
  const first = withGroups(submission, found);
  expect(await codesOf(first.rows())).toEqual(['person', 'group-unknown']);
  await submit(stage.producer(), first);
  await addGroup(stage.sandbox, 'Salez');
  const again = await findGroups(finding, submission);
  expect(again && (await codesOf(withGroups(submission, again).rows()))).toEqual([
    'person',
    'group-unknown',
  ]);
});

test('names that a producer has not settled are found again', async () => {
  const { stage, submission, finding } = await stageWith('existing');
  await submit(stage.producer(), submission);
  const found = await findGroups(finding, submission);
  expect(found?.missing).toMatchObject([{ name: 'Salez', rows: 1 }]);
  await storeNamed(
    stage.ledger,
    'b1',
    new Map([[cellKey('Salez'), { rows: 1, groups: [], missing: ['x'] }]]),
  );
  await noteGroupsReady(stage.ledger, 'b1');
  const stored = await findGroups(finding, submission);
  expect(stored?.named.get(cellKey('Salez'))).toMatchObject({ missing: ['x'] });
});

test('a portal that does not list its groups leaves them to workers, unless they must be known', async () => {
  const { submission, finding } = await stageWith('existing');
  const groups = async () => ({ kind: 'rate-limited', limiter: 'requests', waitMs: 9 }) as const;
  const silent = { ...finding, portal: { ...finding.portal, groups } };
  expect(await findGroups(silent, submission)).toBeUndefined();
  const needed = findGroups(silent, { ...submission, groups: 'require' });
  await expect(needed).rejects.toMatchObject({ code: 'E_REFUSED' });
});

test('a portal that hangs leaves the names to the workers, and is no error of ours', async () => {
  const { finding, submission } = await stageWith('existing');
  const hanging = await fakePortal(() => undefined);
  const silent = { ...finding, portal: openClient(hanging), withinMs: 50 };
  expect(await findGroups(silent, submission)).toBeUndefined();
});
