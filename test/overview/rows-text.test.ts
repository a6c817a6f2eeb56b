import { expect, test } from 'vitest';
import type { ReportRow } from '../../src/ledger/rows/stored-rows.ts';
import { reportColumns, rowsText } from '../../src/overview/rows-text.ts';

const row: ReportRow = {
  file: 'people.csv',
  line: 2,
  email: 'a@x.org',
  name: 'Ana Lee',
  type: 'User',
  groups: 'Sales;Ops',
  state: 'rejected',
  code: 'required',
  reason: 'empty, "must" be filled\nnow',
  portalId: '',
  attempts: 0,
  invited: false,
  marks: [],
};

async function textOf(rows: ReportRow[], format: 'csv' | 'json' | 'ndjson'): Promise<string> {
  async function* source() {
    yield* rows;
  }
  let text = '';
  for await (const piece of rowsText(source(), { columns: reportColumns, format })) text += piece;
  return text;
}

test('CSV quotes delimiters, quotes and line breaks', async () => {
  expect(await textOf([row], 'csv')).toBe(
    'file,line,email,name,type,groups,state,code,reason,portalId,attempts,invited,marks\r\n' +
      'people.csv,2,a@x.org,Ana Lee,User,Sales;Ops,rejected,required,"empty, ""must"" be filled\nnow",,0,false,\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', "'=1"])(
  'CSV keeps a spreadsheet from taking %j for a formula',
  async (name) => {
    const [, line = ''] = (await textOf([{ ...row, name, reason: '' }], 'csv')).split('\r\n');
    expect(line).toContain(`,'${name},`);
  },
);

test('CSV keeps a tab or a carriage return from beginning a formula', async () => {
  const text = await textOf([{ ...row, name: '\r=1', reason: '\t=1' }], 'csv');
  expect(text).toContain(`,"\r'=1",`);
  expect(text).toContain(`,\t'=1,`);
});

test('JSON is one array and NDJSON one object a line, of all rows or none', async () => {
  const rows = [row, { ...row, line: 3 }];
  expect(JSON.parse(await textOf(rows, 'json'))).toEqual(rows);
  expect(JSON.parse(await textOf([], 'json'))).toEqual([]);
  const lines = (await textOf(rows, 'ndjson')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  expect(await textOf([], 'ndjson')).toBe('');
});

test('CSV shows the marks of a row in one cell', async () => {
  const marks = ['not-invitable', 'other-role'] as const;
  const [, line = ''] = (await textOf([{ ...row, reason: '', marks }], 'csv')).split('\r\n');
  expect(line.endsWith(',false,not-invitable;other-role')).toBe(true);
});
