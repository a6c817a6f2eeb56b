import { expect, test } from 'vitest';
import { listText, reportText, rowsText } from '../../src/commands/render.ts';
import type { ReportRow } from '../../src/ledger/report.ts';
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

test('a hold is told with its reason and its remedy while it stops the batch, and only then', () => {
  const hold = { code: 'key-rejected', reason: 'No.', remedy: 'Change the key.', since: 1 };
  const held = reportText(sampleReport({ hold: 'key-rejected' }), hold);
  expect(held).toContain('held (key-rejected): No.\n  what to do: Change the key.\n');
  expect(reportText(sampleReport({ state: 'finished' }), hold)).not.toContain('held');
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

const row: ReportRow = {
  file: 'people.csv',
  line: 2,
  email: 'a@x.org',
  name: 'Ana Lee',
  state: 'rejected',
  code: 'required',
  reason: 'empty, "must" be filled\nnow',
  portalId: '',
  attempts: 0,
  invited: false,
};

async function textOf(rows: ReportRow[], format: 'csv' | 'json' | 'ndjson'): Promise<string> {
  async function* source() {
    yield* rows;
  }
  let text = '';
  for await (const piece of rowsText(source(), format)) text += piece;
  return text;
}

test('CSV quotes delimiters, quotes and line breaks', async () => {
  expect(await textOf([row], 'csv')).toBe(
    'file,line,email,name,state,code,reason,portalId,attempts,invited\r\n' +
      'people.csv,2,a@x.org,Ana Lee,rejected,required,"empty, ""must"" be filled\nnow",,0,false\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])(
  'CSV keeps a spreadsheet from taking %j for a formula',
  async (name) => {
    const [, line = ''] = (await textOf([{ ...row, name, reason: '' }], 'csv')).split('\r\n');
    expect(line).toContain(`,'${name},`);
  },
);

test('JSON is one array and NDJSON one object a line, of all rows or none', async () => {
  const rows = [row, { ...row, line: 3 }];
  expect(JSON.parse(await textOf(rows, 'json'))).toEqual(rows);
  expect(JSON.parse(await textOf([], 'json'))).toEqual([]);
  const lines = (await textOf(rows, 'ndjson')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  expect(await textOf([], 'ndjson')).toBe('');
});
