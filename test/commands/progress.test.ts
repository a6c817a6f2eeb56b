import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress, duration, progressText } from '../../src/commands/progress.ts';
import type { Report } from '../../src/ledger/report.ts';
import { timings } from '../../src/timings.ts';
import { sampleReport } from './sample-report.ts';

function stateOf(change: Partial<Report> = {}, at: { now?: number; backlog?: number } = {}) {
  const { now = 100_000, backlog = 0 } = at;
  return { report: sampleReport(change), allowedPerSecond: 25, backlog, waits: [], now };
}

function screen(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const text = (): string => String(stream.read() ?? '');
  return { progress: createProgress(stream, timings), text };
}

test('the line tells share, counts, rate and time left', () => {
  expect(progressText(stateOf(), 10)).toBe(
    '40 of 100 (created 30, existing 8, failed 2), 10.0/s, 0:06 left',
  );
});

test.each([
  ['what the limit allows before a rate is known', 0, 60, 25, '0:03 left'],
  ['the rate reached when it is less', 0.5, 60, 25, '2:00 left'],
  ['never more than the limit allows', 100, 60, 25, '0:03 left'],
  ['the whole queue, when other batches are before this one', 25, 90_000, 25, '1:00:00 left'],
  ['nothing, when neither limit nor rate is known', 0, 60, Number.POSITIVE_INFINITY, 'unknown'],
])('time left comes from %s', (_, rate, backlog, allowedPerSecond, left) => {
  expect(progressText({ ...stateOf({}, { backlog }), allowedPerSecond }, rate)).toContain(left);
});

test.each<[Partial<Report>, string]>([
  [{ pending: 0, created: 90 }, 'almost done'],
  [{ state: 'intake', total: 1200 }, 'reading: 1200 rows'],
  [{ state: 'inviting', created: 92, invited: 2 }, 'inviting 90 people'],
  [{ hold: 'key-rejected' }, 'held: key-rejected'],
])('a batch with %j shows %s', (change, text) => {
  expect(progressText(stateOf(change), 1)).toContain(text);
});

test('on a terminal each look draws the bar anew on the same line, which the end leaves', () => {
  const { progress, text } = screen(true);
  progress.show(stateOf());
  const anew = '\r\u001b[2K';
  expect(text().startsWith(`${anew}[##########--------------] 40% 40 of 100`)).toBe(true);
  progress.show(stateOf({ pending: 0 }));
  expect(text().startsWith(`${anew}[${'#'.repeat(24)}]100% `)).toBe(true);
  progress.end();
  expect(text()).toBe('\n');
  progress.end();
  expect(text()).toBe('');
});

test('a batch without accepted rows has an empty bar', () => {
  const { progress, text } = screen(true);
  progress.show(stateOf({ accepted: 0, pending: 0 }));
  expect(text()).toContain(`[${'-'.repeat(24)}]  0%`);
});

test('elsewhere there is one plain line every five seconds', () => {
  const { progress, text } = screen(false);
  for (const now of [10_000, 12_000, 14_999, 15_000, 16_000]) progress.show(stateOf({}, { now }));
  progress.end();
  expect(text()).toMatch(/^40 of 100 .*\n40 of 100 .*\n$/);
});

test('the rate is that of the last ten seconds', () => {
  const { progress, text } = screen(false);
  const pendingAt = [100, 100, 95, 45];
  pendingAt.forEach((pending, index) => {
    progress.show(stateOf({ pending }, { now: 100_000 + index * 6000 }));
  });
  const rates = text().match(/[\d.]+\/s/g);
  expect(rates).toEqual(['0.0/s', '0.0/s', '0.8/s', '8.3/s']);
});

test.each([
  [0, '0:00'],
  [1, '0:01'],
  [59_500, '1:00'],
  [75_000, '1:15'],
  [3_675_000, '1:01:15'],
])('%i ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
