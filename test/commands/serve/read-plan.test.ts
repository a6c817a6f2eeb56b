import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readPlan } from '../../../src/commands/serve/read-plan.ts';
import { sampleSummary } from '../../console/uploads/sample-summary.ts';
import { onRelease } from '../../support/resources.ts';

function file(): string {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-read-'));
  onRelease(() => rm(dir, { recursive: true }));
  return join(dir, 'rejected');
}

const row = (line: number) => ({
  kind: 'rejected',
  file: '<img src=x onerror=alert(1)>.csv',
  line,
  code: 'email-shape',
  reason: 'No.',
  cells: { email: '=cmd()', firstName: 5 },
});

/** A plan with these columns, as a child prints it. */
const plan = (columns: readonly object[]) => ({ ...sampleSummary(), columns });

/** Reads what a child prints: rows, each on a line, and the rest of the plan. */
function read(rows: readonly object[], rest: object, path: string, most?: number) {
  const lines = rows.map((each) => JSON.stringify(each)).join(',\n');
  const text = `{"rows":[\n${lines}\n],${JSON.stringify(rest).slice(1)}\n`;
  return readPlan(Readable.from([text]), path, most);
}

test('a list that rejects more rows than the disk should hold is counted whole and listed in part', async () => {
  const path = file();
  const rows = Array.from({ length: 9 }, (_, index) => row(index + 2));
  const { rejections, summary } = await read(rows, plan([]), path, 4);
  expect([summary?.accepted, rejections[0]?.count]).toEqual([1, 9]);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(4);
});

test('a list of 10,000 columns has a plan of the columns that are read and the first of the others', async () => {
  const unknown = Array.from({ length: 10_000 }, (_, index) => {
    return { file: 'a.csv', header: `Column ${index}`, column: null };
  });
  const email = { file: 'a.csv', header: 'E-Mail', column: 'email', example: 'ana@example.com' };
  const long = { file: 'a.csv', header: 'x'.repeat(100_000), column: 'comment' };
  const { summary } = await read([], plan([...unknown, email, long]), file());
  expect(summary?.columns.length).toBeLessThan(300);
  expect(summary?.columns).toContainEqual({ ...email, example: expect.stringMatching(/\*\*\*/) });
  expect(summary?.columnsLeftOut).toBe(10_002 - (summary?.columns.length ?? 0));
  expect(JSON.stringify(summary).length).toBeLessThan(50_000);
});

test('headers of a list that is not understood are offered up to a number that a form can send', async () => {
  const headers = Array.from({ length: 10_000 }, (_, index) => `Column ${index}`);
  const text = JSON.stringify({ error: { code: 'E_FILE_COLUMNS', message: 'no email', headers } });
  const found = await readPlan(Readable.from([text]), file());
  expect(found.headers?.length).toBeLessThan(300);
  expect(found.headers?.[0]).toBe('Column 0');
});
