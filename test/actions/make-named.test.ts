import { expect, test } from 'vitest';
import { becomeMaker, type Maker, makeNamed } from '../../src/actions/make-named.ts';
import type { Submission } from '../../src/batch/submit-batch.ts';
import { groupMadeAt, noteGroupMade } from '../../src/ledger/groups/groups-lock.ts';
import { GroupBook } from '../../src/people/group-book.ts';
import { cellKey } from '../../src/people/groups.ts';
import { settleNames } from '../../src/people/settle-names.ts';
import type { Verdict } from '../../src/portal/verdict.ts';
import { openStage } from '../support/stage.ts';

type Made = Verdict<{ id: string; name: string }>;
type Answer = (name: string) => Made;

const NOW = 1_700_000_000_000;
const made: Answer = (name) => ({ kind: 'ok', value: { id: `id of ${name}`, name } });
const lost: Made = { kind: 'unknown', code: 'reset', reason: 'Lost.' };

/** A submission with these cells, whose missing groups are made with these answers. */
async function making(
  cells: readonly string[],
  answer: Answer,
  { madeAt, ...maker }: Partial<Maker> & { madeAt?: number } = {},
) {
  const stage = await openStage();
  const asked: string[] = [];
  const portal = {
    ...stage.portal,
    createGroup: async (name: string) => {
      asked.push(name);
      return answer(name);
    },
  };
  const groups = new Map(cells.map((cell) => [cellKey(cell), { rows: 1 }]));
  const named = { groups, isSettled: false };
  const submission: Submission = stage.submission([], { named, groups: 'create' });
  const book = new GroupBook([{ id: 'id of Sales', name: 'Sales', membersCount: 4 }]);
  const found = { ...settleNames(groups, book), mode: 'create' as const, book };
  const holder = { keep: async () => true, release: async () => {}, ...maker };
  const { signal } = new AbortController();
  const { ledger } = stage;
  if (madeAt !== undefined) await noteGroupMade(ledger, madeAt);
  const more = { ledger, signal, now: () => NOW, lookUpDelayMs: 50 };
  const end = await makeNamed({ portal, maker: holder, ...more }, submission, found);
  return { asked, end, noted: await groupMadeAt(ledger) };
}

test('each missing group is made once, and every cell is settled', async () => {
  const { asked, end } = await making(['Sales;Neu', 'NEU', 'Ops'], made);
  expect(asked).toEqual(['Neu', 'Ops']);
  expect(end.named?.isSettled).toBe(true);
  expect(end.named?.groups.get(cellKey('Sales;Neu'))).toMatchObject({
    groups: [{ id: 'id of Sales' }, { id: 'id of Neu' }],
    missing: [],
  });
  expect(end.remarks).toEqual([{ code: 'groups-made', text: 'groups made: "Neu", "Ops"' }]);
});

test('a lost answer leaves the rest to workers, and the time at which they may look', async () => {
  const { asked, end, noted } = await making(['Neu', 'Ops'], (name) =>
    name === 'Neu' ? lost : made(name),
  );
  expect([asked, noted]).toEqual([['Neu'], NOW]);
  expect(end.named?.isSettled).toBe(false);
});

test.each<[string, Made]>([
  ['asks for a wait', { kind: 'rate-limited', limiter: 'requests', waitMs: 5 }],
  ['cannot be reached', { kind: 'unreachable', code: 'network-failed', reason: 'Away.' }],
])('a portal that %s leaves the groups to workers', async (_, verdict) => {
  const { end } = await making(['Neu'], () => verdict);
  expect(end.named).toEqual({ groups: expect.any(Map), isSettled: false });
});

test('a name that the portal refuses is left out, with a warning', async () => {
  const refused: Made = { kind: 'refused', code: 'invalid-field', reason: 'No.' };
  const { end } = await making(['Neu', 'Ops'], (name) => (name === 'Neu' ? refused : made(name)));
  expect(end.named?.isSettled).toBe(true);
  expect(end.remarks?.map(({ code }) => code)).toEqual(['groups-made', 'groups-unknown']);
});

test('a process that lost the lock makes no group', async () => {
  const { asked, end } = await making(['Neu'], made, { keep: async () => false });
  expect([asked, end.named?.isSettled]).toEqual([[], false]);
});

test('one process at a time makes groups, for all batches', async () => {
  const { ledger, timings } = await openStage();
  const first = await becomeMaker(ledger, timings);
  expect(await becomeMaker(ledger, timings)).toBeUndefined();
  expect(await first?.keep()).toBe(true);
  await first?.release();
  expect(await becomeMaker(ledger, timings)).toBeDefined();
  expect(await first?.keep()).toBe(false);
});

test('no group is made while the answer to another one may still come', async () => {
  const waits = await making(['Neu'], made, { madeAt: NOW - 10 });
  expect([waits.asked, waits.end.named?.isSettled]).toEqual([[], false]);
  const later = await making(['Neu'], made, { madeAt: NOW - 50 });
  expect([later.asked, later.end.named?.isSettled, later.noted]).toEqual([
    ['Neu'],
    true,
    undefined,
  ]);
});
