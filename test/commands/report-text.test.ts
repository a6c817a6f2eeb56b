import { expect, test } from 'vitest';
import { listText, reportText } from '../../src/commands/text/report-text.ts';
import { sampleReport } from './sample-report.ts';

test('a report writes every sum so that it can be checked', () => {
  const report = sampleReport({ state: 'finished', inviteRequests: 1, invited: 30, round: 2 });
  expect(reportText(report).split('\n')).toEqual([
    'batch b1: finished, 1:01, round 2',
    '  110 rows = 100 accepted + 7 rejected + 3 duplicates',
    '  100 accepted = 30 created + 8 existing + 2 failed + 0 cancelled + 60 pending',
    '  30 invited in 1 request',
    '',
  ]);
});

test('a hold is shown with its reason and its remedy while it stops the batch, and only then', () => {
  const hold = {
    code: 'key-rejected',
    reason: 'No.',
    remedy: 'Change the key.',
    since: 1,
  } as const;
  const held = reportText(sampleReport({ hold: 'key-rejected' }), { hold });
  expect(held).toContain('held (key-rejected): No.\n  what to do: Change the key.\n');
  expect(reportText(sampleReport({ state: 'finished' }), { hold })).not.toContain('held');
});

test('the list of batches is a table whose columns start below their titles', () => {
  const other = sampleReport({ batchId: 'a-longer-name', hold: 'portal-unpaid', total: 9 });
  const [head = '', first = '', second = '', end] = listText([sampleReport(), other]).split('\n');
  expect(end).toBe('');
  expect(second).toMatch(/^a-longer-name {2}held: portal-unpaid {2}9 /);
  for (const [title, value] of [
    ['STATE', 'processing'],
    ['ROWS', '110'],
    ['STARTED', '2026-01-02 03:04:05'],
  ] as const) {
    expect(first.indexOf(value)).toBe(head.indexOf(title));
  }
});
