import { describe, expect, test } from 'vitest';
import { GateNotice } from '../../../../src/console/pages/gate-notice.tsx';
import { HelpPage } from '../../../../src/console/pages/help-page.tsx';
import { Attention } from '../../../../src/console/pages/parts/attention.tsx';
import { Banners } from '../../../../src/console/pages/parts/banners.tsx';
import { Bar } from '../../../../src/console/pages/parts/bar.tsx';
import { deedText } from '../../../../src/console/pages/parts/deed.ts';
import { Pager } from '../../../../src/console/pages/parts/pager.tsx';
import { Person } from '../../../../src/console/pages/parts/person.tsx';
import { Steps } from '../../../../src/console/pages/parts/steps.tsx';
import {
  peopleWho,
  sentence,
  settledShare,
  waiting,
} from '../../../../src/console/pages/parts/words.ts';
import { stateWord } from '../../../../src/console/state-word.ts';
import { gates } from '../../../../src/gates.ts';
import { remedyCodes } from '../../../../src/overview/remedies.ts';
import type { Standing } from '../../../../src/overview/standing.ts';
import { holdCodes, holdReason, plainHold } from '../../../../src/stops.ts';
import { sampleReport } from '../../../commands/sample-report.ts';
import { shown, WELL } from '../shown.ts';

const now = Date.UTC(2026, 10, 29, 12);
const operator = { role: 'operator', now } as const;
const viewer = { role: 'viewer', now } as const;

describe('the state of a batch', () => {
  const around = { isIncomplete: false, ahead: 0, waits: [] };
  const gate = (code: 'invite-held' | 'invite-at') => ({ code, until: null });

  test.each<[Parameters<typeof sampleReport>[0], Partial<typeof around>, string, string]>([
    [{ state: 'finished', failed: 0 }, {}, 'Finished', 'done'],
    [{ state: 'finished', failed: 1 }, {}, 'Finished with failures', 'bad'],
    [{ state: 'cancelled' }, {}, 'Cancelled', 'none'],
    [{ state: 'waiting' }, {}, 'Waits for you', 'wait'],
    [{ state: 'intake' }, {}, 'Being submitted', 'work'],
    [{ state: 'intake' }, { isIncomplete: true }, 'Incomplete', 'wait'],
    [{ state: 'intake', hold: 'paused' }, {}, 'Paused', 'wait'],
    [{ state: 'processing' }, {}, 'Creating', 'work'],
    [{ state: 'processing' }, { ahead: 9 }, 'Waiting its turn', 'work'],
    [{ state: 'processing', hold: 'key-rejected' }, { ahead: 9 }, 'Held', 'hold'],
    [{ state: 'inviting' }, {}, 'Inviting', 'work'],
    [{ state: 'inviting', gate: gate('invite-held') }, {}, 'Invite held back', 'wait'],
    [{ state: 'inviting', gate: gate('invite-at') }, {}, 'Invites later', 'wait'],
  ])('%j with %j is in words', (report, change, word, tone) => {
    expect(stateWord(sampleReport(report), { ...around, ...change })).toEqual({ word, tone });
  });
});

describe('the bar', () => {
  test('has parts as wide as their share, and the same in words', () => {
    const report = sampleReport({
      accepted: 100,
      created: 50,
      existing: 25,
      failed: 5,
      pending: 20,
    });
    const { html } = shown(Bar({ report }));
    const parts = [...html.matchAll(/class="(\w+)" x="([\d.]+)" width="([\d.]+)"/g)];
    expect(parts.map(([, name, x, width]) => [name, Number(x), Number(width)])).toEqual([
      ['created', 0, 500],
      ['existing', 500, 250],
      ['failed', 750, 50],
    ]);
    expect(html).toContain('aria-label="80.0 %: 80 of 100 settled"');
  });

  test('shows one of a million', () => {
    const report = sampleReport({
      accepted: 1_000_000,
      created: 0,
      existing: 0,
      failed: 1,
      pending: 999_999,
    });
    const { html } = shown(Bar({ report }));
    expect(html).toMatch(/class="failed" x="0.00" width="4.00"/);
    expect(html).toContain('aria-label="0.1 %: 1 of 1,000,000 settled"');
  });

  test('of a batch without people is whole', () => {
    const report = sampleReport({ accepted: 0, created: 0, existing: 0, failed: 0, pending: 0 });
    expect(shown(Bar({ report })).html).toContain('aria-label="100 %: 0 of 0 settled"');
  });
});

describe('words', () => {
  test.each([
    [0, 0, '100 %'],
    [0, 10, '0 %'],
    [1, 1_000_000, '0.1 %'],
    [999_999, 1_000_000, '99.9 %'],
    [10, 10, '100 %'],
    [1, 3, '33.3 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    const report = { state: 'processing', accepted: whole, pending: whole - part };
    expect(settledShare(report)).toBe(text);
  });

  test('agree with their number', () => {
    expect([waiting(1), waiting(2000)]).toEqual(['1 person waits', '2,000 people wait']);
    expect(peopleWho(1, 'has', 'have')).toBe('1 person has');
    expect([sentence('a b'), sentence('A!')]).toEqual(['A b.', 'A!']);
  });

  test.each([
    [{ first: 1, shown: 50, total: 10_000 }, '1 to 50 of 10,000'],
    [{ first: 0, shown: 0, total: 0 }, 'None'],
  ])('say where a page is: %j', (place, text) => {
    const pager = shown(Pager({ ...place, previous: undefined, next: '/?from=51' }));
    expect(pager.text).toBe(`${text} Next`);
    expect(pager.html).toContain('rel="next"');
  });

  test('say which step comes now, to everybody', () => {
    const { html } = shown(Steps({ current: 'Plan' }));
    expect(html.match(/aria-current="step"[^>]*>([^<]*)/)?.[1]).toBe('2 Plan');
  });

  test('mask a person until somebody asked', () => {
    const person = { email: 'ana.lee@example.com', name: 'Ana Lee' };
    expect(shown(Person({ ...person, isShown: true })).text).toContain('ana.lee@example.com');
    const { text } = shown(Person({ ...person, isShown: false }));
    expect(text).not.toMatch(/lee|Ana/i);
  });
});

describe('what stands at the top of a page', () => {
  const held = (detail?: string) => ({
    ...WELL,
    hold: { ...holdReason('key-rejected', {}, detail), since: now },
  });

  test.each<[string, Standing, RegExp]>([
    ['nothing where all is well', WELL, /^$/],
    [
      'a missing worker',
      { ...WELL, work: { ...WELL.work, workers: 0, backlog: 1 } },
      /^No worker is running 1 person waits\./,
    ],
    ['no missing worker without work', { ...WELL, work: { ...WELL.work, workers: 0 } }, /^$/],
    [
      'memory that is not kept',
      { ...WELL, isDurable: false },
      /^Redis keeps its data in memory only/,
    ],
    [
      'a hold with its remedy',
      held(),
      /^Everything is held: the portal does not accept the API key.*Check that the key is complete.* Resume…/,
    ],
  ])('is %s', (_, standing, text) => {
    expect(shown(Banners({ standing, reader: operator })).text).toMatch(text);
  });

  test('a viewer reads no words of the portal, and may not resume', () => {
    const standing = held('ana@example.com is refused');
    expect(shown(Banners({ standing, reader: operator })).text).toContain('is refused');
    const { text } = shown(Banners({ standing, reader: viewer }));
    expect(text).not.toMatch(/is refused|ana@|Resume/);
  });
});

describe('an invite that waits', () => {
  const report = sampleReport({
    created: 3,
    invited: 1,
    notInvitable: 1,
    gate: { code: 'invite-held', until: null },
  });

  test('is counted without those who were invited or cannot be', () => {
    const notice = shown(GateNotice({ report, reader: operator }));
    expect(notice.text).toMatch(
      /^The invite is held back 1 person has an account and no invite\..* Invite now…$/,
    );
    expect(shown(GateNotice({ report, isNamed: true, reader: operator })).text).toMatch(
      /^b1: the invite/,
    );
  });

  test('is no button for a viewer', () => {
    expect(shown(GateNotice({ report, reader: viewer })).html).not.toContain('Invite now');
    expect(shown(GateNotice({ report: sampleReport(), reader: viewer })).html).toBe('');
  });
});

describe('what needs attention', () => {
  test.each([
    [{ otherRole: 1 }, '1 account has another role than asked'],
    [{ otherRoleBefore: 2 }, '2 accounts that existed have another role than asked'],
    [{ groupsMissing: 1 }, '1 person is not in every group'],
    [{ unmailed: 2 }, '2 people have perhaps had no activation mail'],
    [{ notInvitable: 1200 }, '1,200 people are left out of the invite'],
  ])('%j', (change, text) => {
    expect(shown(Attention({ report: sampleReport(change), role: 'admin' })).text).toContain(text);
  });

  test('has a button for roles for an admin alone', () => {
    const report = sampleReport({ otherRole: 1 });
    expect(shown(Attention({ report, role: 'admin' })).text).toContain('Set roles…');
    expect(shown(Attention({ report, role: 'operator' })).text).not.toContain('Set roles…');
    expect(shown(Attention({ report: sampleReport(), role: 'admin' })).html).toBe('');
  });
});

test.each([
  ['purge', { what: 'people' }, 'removed names and e-mails'],
  ['purge', { what: 'batch' }, 'purged the batch'],
  ['retry', { opened: 1200 }, 'retried 1,200 people'],
  ['continue', { opened: 1 }, 'continued with 1 person'],
  ['cancel', { cancelled: 2 }, 'cancelled the batch with 2 people left'],
  ['set-roles', { set: 1 }, 'set 1 role'],
  ['approve', {}, 'approved the plan'],
])('the activity says what %s with %j was', (action, details, text) => {
  const entry = { action, details, outcome: 'done' } as Parameters<typeof deedText>[0];
  expect(deedText(entry)).toBe(text);
  expect(deedText({ ...entry, outcome: 'failed', code: 'E_MOVED' })).toBe(
    `${text}: refused (E_MOVED)`,
  );
});

test('the help has every reason, hold and gate, each with what helps', () => {
  const { text } = shown(HelpPage());
  for (const code of remedyCodes('failed')) expect(text).toContain(` ${code} `);
  for (const code of holdCodes) expect(text).toContain(plainHold(code).remedy);
  for (const { what } of Object.values(gates)) expect(text).toContain(sentence(what));
});
