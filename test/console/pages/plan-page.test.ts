import { describe, expect, test } from 'vitest';
import {
  PlanChecks,
  PlanGroups,
  PlanRemarks,
  RejectedCard,
} from '../../../src/console/pages/plan-cards.tsx';
import { ColumnsCard } from '../../../src/console/pages/plan-columns.tsx';
import { PlanFigures } from '../../../src/console/pages/plan-figures.tsx';
import { PlanHead, PlanNotices } from '../../../src/console/pages/plan-head.tsx';
import type { PlanRecord } from '../../../src/console/uploads/plan-record.ts';
import { samplePlan, viewOf } from './sample-plan.ts';
import { shown } from './shown.ts';

const MOVED = {
  code: 'E_PLAN_MOVED',
  message: 'nothing was submitted: since the plan, the files have changed; run --dry-run again',
};
const ODD = { code: 'E_FILE_COLUMNS', message: 'march.csv:1: no column for email', headers: ['a'] };
const FAULT = { level: 'fault' as const, check: 'key', what: 'no key', remedy: 'use --sheet A' };

describe('the head of a plan', () => {
  test.each<[string, PlanRecord, string, string[]]>([
    ['being planned', samplePlan({}, { state: 'planning' }), 'Being planned', ['Discard…']],
    ['ready', samplePlan(), 'Waits for approval', ['Discard…', 'Approve and run…']],
    ['moved', samplePlan({}, { failure: MOVED }), 'Has moved', ['Discard…']],
    ['with a fault', samplePlan({ checks: [FAULT] }), 'Cannot be approved', ['Discard…']],
    ['of nobody', samplePlan({ accepted: 0 }), 'Cannot be approved', ['Discard…']],
    [
      'not read',
      samplePlan({}, { state: 'failed', failure: ODD }),
      'Cannot be planned',
      ['Discard…'],
    ],
    ['being submitted', samplePlan({}, { state: 'submitting' }), 'Being submitted', []],
    ['submitted', samplePlan({}, { state: 'submitted' }), 'Submitted', []],
  ])('%s offers what can be done now', (_, record, word, actions) => {
    const { html, text } = shown(PlanHead({ view: viewOf(record) }));
    expect(text).toContain(word);
    const links = [...html.matchAll(/<a [^>]*>([^<]*)<\/a>/g)].map(([, name]) => name);
    expect(links).toEqual(actions);
  });

  test('names the people, the files, who sent them and until when it is valid', () => {
    const { text } = shown(PlanHead({ view: viewOf(samplePlan()) }));
    expect(text).toMatch(/^Plan: 10 people from march\.csv .* by ana · valid until/);
    const planning = {
      ...viewOf(samplePlan({}, { state: 'planning' })),
      progress: { rows: 9, all: 20 },
    };
    expect(shown(PlanHead({ view: planning })).text).toContain('9 of 20 rows read');
  });
});

describe('what keeps a plan from being submitted', () => {
  test.each<[string, PlanRecord, RegExp, string | undefined]>([
    ['nothing', samplePlan(), /^$/, undefined],
    [
      'a change since',
      samplePlan({}, { failure: MOVED }),
      /^The plan has moved Nothing was submitted: .* plan again\. \(E_PLAN_MOVED\)/,
      'Plan again…',
    ],
    [
      'columns',
      samplePlan({}, { state: 'failed', failure: ODD }),
      /march\.csv:1: no column for email \(E_FILE_COLUMNS\)/,
      'Map the columns…',
    ],
    ['a fault', samplePlan({ checks: [FAULT] }), /^This cannot be submitted yet/, 'Plan again…'],
    ['nobody', samplePlan({ accepted: 0 }), /^Nobody in this list would get an account/, undefined],
    [
      'being under way',
      samplePlan({}, { state: 'submitting' }),
      /^The batch is being submitted/,
      'Open the batch',
    ],
    ['being done', samplePlan({}, { state: 'submitted' }), /files were removed/, 'Open the batch'],
  ])('%s is said with the way on', (_, record, text, link) => {
    const notices = shown(PlanNotices({ view: viewOf(record) }));
    expect(notices.text).toMatch(text);
    expect(/<a [^>]*>([^<]*)<\/a>/.exec(notices.html)?.[1]).toBe(link);
  });

  test('is never two ways on at once', () => {
    for (const record of [samplePlan({}, { failure: MOVED }), samplePlan({ checks: [FAULT] })]) {
      const html = `${PlanHead({ view: viewOf(record) })}${PlanNotices({ view: viewOf(record) })}`;
      expect(html.match(/button primary/g)).toHaveLength(1);
    }
  });
});

describe('the numbers of a plan', () => {
  test.each<[Parameters<typeof samplePlan>[0], RegExp]>([
    [
      {},
      /To create 10 Already there not asked Rejected 2 Invite 1 request Takes about 2 min Roles all User/,
    ],
    [{ present: { count: 4, unknown: 0 } }, /To create 6 Already there 4/],
    [{ duplicates: 3 }, /Rejected 2 Duplicates 3/],
    [{ types: { User: 7, RoomAdmin: 3 } }, /Roles 7 User, 3 RoomAdmin/],
    [{ types: {} }, /Roles none/],
    [
      { estimate: { creations: 1, lookups: 0, invites: 2, durationMs: null, days: 1 } },
      /Invite 2 requests Takes about not limited/,
    ],
    [
      { estimate: { creations: 1, lookups: 0, invites: 1, durationMs: 9, days: 3 } },
      /Takes about 3 days/,
    ],
  ])('of %j', (summary, text) => {
    expect(shown(PlanFigures({ view: viewOf(samplePlan(summary)) })).text).toMatch(text);
  });
});

describe('columns', () => {
  const column = { file: 'march.csv', header: 'H', column: 'type' };

  test.each([
    [{ ...column, column: 'email', example: 'a***@example.com' }, 'H e-mail a***@example.com read'],
    [{ ...column, column: null }, 'H — not used'],
    [{ ...column, notUnderstood: 9 }, 'H — ignored: no value is an account type'],
    [{ ...column, column: 'culture', notUnderstood: 9 }, 'H — ignored: no value is a language'],
    [{ ...column, column: 'department' }, 'H group 3 groups, 2 new'],
  ])('%j', (given, text) => {
    const one = { name: 'a', people: 1 };
    const groups = { existing: [one], toMake: [one, one], unknown: [] };
    const card = shown(ColumnsCard({ record: samplePlan({ columns: [given], groups }) }));
    expect(card.text).toContain(text);
  });

  test('of several files have the file below', () => {
    const record = samplePlan({ columns: [{ ...column, column: null }] }, { files: ['a', 'b'] });
    expect(shown(ColumnsCard({ record })).text).toContain('H march.csv —');
  });
});

describe('rows that stay out', () => {
  const first = (line: number, file = 'march.csv') => ({ file, line });

  test.each([
    [[first(7)], 'march.csv line 7'],
    [[first(7), first(1200)], 'march.csv lines 7, 1,200'],
    [[first(7), first(9, 'b.csv')], 'march.csv line 7, b.csv line 9'],
  ])('%j stand there by their places', (places, text) => {
    const rejections = [
      { kind: 'rejected' as const, code: 'email-shape', count: 1200, first: places },
    ];
    const card = shown(RejectedCard({ record: samplePlan({}, { rejections }) }));
    expect(card.text).toContain(`1,200 ${text}`);
    expect(card.text).toContain('Download to correct');
  });

  test('have no download once their list is removed', () => {
    const rejections = [
      { kind: 'duplicate' as const, code: 'duplicate', count: 1, first: [first(2)] },
    ];
    const record = samplePlan({}, { rejections, state: 'submitted' });
    expect(shown(RejectedCard({ record })).text).not.toContain('Download');
  });
});

describe('the cards beside', () => {
  test('show faults and warnings first, in words of the form, and fold what is fine', () => {
    const warning = { level: 'warning' as const, check: 'redis', what: 'in memory only' };
    const { checks = [] } = samplePlan().summary ?? {};
    const card = shown(PlanChecks({ record: samplePlan({ checks: [warning, ...checks, FAULT] }) }));
    expect(card.text).toMatch(
      /fault: no key use “Sheet of a workbook” A .*to know: in memory only .*1 check is fine/,
    );
  });

  test.each([
    [
      { existing: [], toMake: [{ name: 'Sales', people: 1200 }], unknown: [] },
      'To be created: Sales (1,200)',
    ],
    [{ existing: [{ name: 'IT', people: 1 }], toMake: [], unknown: [] }, 'Existing: IT (1)'],
    [
      { existing: [], toMake: [], unknown: [{ name: 'X', people: 2, nearest: [] }] },
      'The portal does not have: X (2)',
    ],
    ['later' as const, 'Workers find them: there is no key here to ask the portal with.'],
  ])('%j of groups', (groups, text) => {
    expect(shown(PlanGroups({ record: samplePlan({ groups }) })).text).toBe(`Groups ${text}`);
  });

  test('name thirty groups and count the others', () => {
    const toMake = Array.from({ length: 1030 }, (_, at) => ({ name: `g${at}`, people: 1 }));
    const groups = { existing: [], toMake, unknown: [] };
    expect(shown(PlanGroups({ record: samplePlan({ groups }) })).text).toMatch(
      /g29 \(1\), 1,000 more$/,
    );
  });

  test.each<[PlanRecord['options'], string]>([
    [{ inviteHeld: true }, 'The invite is held back until somebody releases it'],
    [{ limit: 1 }, 'Only the first person now'],
    [{ limit: 2000 }, 'Only the first 2,000 people now'],
    [{ minCreatedPercent: 90 }, 'held back while fewer than 90 % have an account'],
    [{ maxFailedPercent: 5 }, 'Held when more than 5 % failed'],
    [{ group: ['Sales', 'IT'] }, 'Groups for everybody: Sales, IT'],
    [{ notify: false }, 'Nobody is notified'],
    [{ culture: 'de' }, 'Language de'],
  ])('say that %j was asked for', (options, text) => {
    expect(shown(PlanRemarks({ record: samplePlan({}, { options }) })).text).toContain(text);
  });

  test('say what was found in the files', () => {
    const example = { file: 'march.csv', line: 9, reason: 'a space was removed' };
    const record = samplePlan({
      notInvitable: 2,
      changed: { count: 1200, example },
      remarks: [{ code: 'hidden-rows', text: '3 hidden rows were read' }],
    });
    const { text } = shown(PlanRemarks({ record }));
    expect(text).toContain('3 hidden rows were read');
    expect(text).toContain(
      'Cleaned while reading: 1,200 rows, as march.csv line 9: a space was removed',
    );
    expect(text).toContain('2 people with an address that the portal’s invite does not take');
  });
});
