import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type Action, logDone } from '../../src/ledger/notes/action-log.ts';
import { readActivity, toAction } from '../../src/overview/activity.ts';
import type { Actor } from '../../src/process/actor.ts';
import { openSpace } from '../ledger/fill.ts';

const by: Actor = { user: 'root', host: 'admin1', pid: 7 };

async function log(ledger: Ledger, count: number, of: (index: number) => [Action, string, Actor]) {
  const entries = Array.from({ length: count }, (_, index) => {
    const [action, batch, actor] = of(index);
    return logDone(ledger, { action, batch, by: actor, details: { opened: index } });
  });
  await Promise.all(entries);
}

const opened = ({ entries }: { entries: { details: { opened?: number } }[] }) =>
  entries.map(({ details }) => details.opened);

test('pages of the activity follow each other, newest first, without an entry twice', async () => {
  const ledger = openSpace();
  await log(ledger, 7, () => ['retry', 'b1', by]);
  const seen: (number | undefined)[][] = [];
  let before: string | undefined;
  do {
    const page = await readActivity({ ledger }, { before, size: 3 });
    seen.push(opened(page));
    expect(page.entries.every(({ id }) => /^\d+-\d+$/.test(id))).toBe(true);
    before = page.next;
  } while (before !== undefined);
  expect(seen).toEqual([[6, 5, 4], [3, 2, 1], [0]]);
});

test('the activity is filtered by batch, action and who it was', async () => {
  const ledger = openSpace();
  const ana: Actor = { ...by, name: 'Ana', via: 'console', role: 'admin' };
  const bo: Actor = { ...by, sudoUser: 'bo' };
  await log(ledger, 12, (index) => [
    index % 2 === 0 ? 'retry' : 'cancel',
    index % 3 === 0 ? 'b1' : 'b2',
    [ana, bo, by][index % 3] ?? by,
  ]);
  const of = async (filter: object) =>
    opened(await readActivity({ ledger }, { size: 50, ...filter }));
  expect(await of({ action: 'cancel' })).toEqual([11, 9, 7, 5, 3, 1]);
  expect(await of({ batch: 'b1', action: 'retry' })).toEqual([6, 0]);
  expect(await of({ name: 'ana' })).toEqual([9, 6, 3, 0]);
  expect(await of({ name: 'bo', action: 'retry' })).toEqual([10, 4]);
  expect(await of({ name: 'ROOT' })).toEqual([11, 8, 5, 2]);
  expect(await of({ name: 'nobody' })).toEqual([]);
});

test('a rare entry is found over several pages of bounded work', async () => {
  const ledger = openSpace();
  await log(ledger, 1, () => ['purge', 'b1', by]);
  await log(ledger, 4500, () => ['retry', 'b2', by]);
  const pages = [];
  let before: string | undefined;
  do {
    const page = await readActivity({ ledger }, { action: 'purge', before, size: 10 });
    pages.push(page.entries.map(({ action }) => action));
    before = page.next;
  } while (before !== undefined);
  expect(pages).toEqual([[], [], ['purge']]);
});

test('a word of an address names an action, or none', () => {
  expect([toAction('retry'), toAction('x'), toAction(undefined)]).toEqual([
    'retry',
    undefined,
    undefined,
  ]);
});

test('a cursor that is none begins with the newest entry', async () => {
  const ledger = openSpace();
  await log(ledger, 2, () => ['retry', 'b1', by]);
  const page = await readActivity({ ledger }, { before: '+ COUNT 1', size: 5 });
  expect(opened(page)).toEqual([1, 0]);
});
