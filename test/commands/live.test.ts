import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bar, createLive, liveLine } from '../../src/commands/follow/live.ts';
import { overviewText } from '../../src/commands/text/overview-text.ts';
import { duration } from '../../src/commands/text/time-text.ts';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import type { Overview } from '../../src/overview/overview.ts';
import { timings } from '../../src/timings.ts';
import { sampleOverview } from './sample-overview.ts';
import { sampleReport } from './sample-report.ts';

function screen(isTTY: boolean, columns = 80) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  const text = (): string => String(stream.read() ?? '');
  return { live: createLive(stream, timings), text };
}

test('the line has share, counts, rate and time left', () => {
  expect(liveLine(sampleOverview())).toBe(
    '40 of 100 (created 30, existing 8, failed 2), 2.0/s, 0:30 left',
  );
});

test('before a rate is known, the line and the block show none', () => {
  const unknown = { ratePerSecond: 0, allowedPerSecond: Number.POSITIVE_INFINITY };
  const counts = '40 of 100 (created 30, existing 8, failed 2)';
  expect(liveLine(sampleOverview(unknown))).toBe(counts);
  expect(liveLine(sampleOverview({ ratePerSecond: 0 }))).toBe(`${counts}, 0:15 left`);
  expect(overviewText(sampleOverview(unknown))).not.toContain('/s');
});

test.each<[Partial<Report>, Partial<Overview>, string]>([
  [{ state: 'intake', total: 1200 }, {}, 'reading: 1,200 rows'],
  [{ state: 'inviting', created: 92, invited: 2 }, {}, 'inviting 90 people'],
  [{ state: 'inviting', created: 1 }, {}, 'inviting 1 person'],
  [{ hold: 'key-rejected' }, {}, 'held: key-rejected'],
  [{ state: 'waiting', pending: 1 }, {}, '1 person is held back for onboard continue'],
  [{ gate: { code: 'invite-at', until: null } }, {}, 'the invite waits for its time'],
  [{}, { waits: [{ kind: 'outage', reason: 'reset', since: 0 }] }, '40 of 100, waiting: portal'],
])('a batch with %j and %j shows %s', (inReport, change, text) => {
  expect(liveLine(sampleOverview(change, inReport))).toContain(text);
});

test('on a terminal each block is drawn over the one before, and the last one can stay', () => {
  const { live, text } = screen(true);
  live.show(sampleOverview());
  const first = text();
  expect(first).toContain('[##########--------------] 40%\nbatch b1: processing');
  live.show(sampleOverview({}, { pending: 0 }));
  const lines = first.trimEnd().split('\n').length;
  const second = text();
  expect(second.split('\u001b[1A').length - 1).toBeGreaterThanOrEqual(lines - 1);
  expect(second).toContain(`[${'#'.repeat(24)}]100%`);
  live.end('keep');
  expect(text()).not.toContain('\u001b[2K');
});

test('a narrow terminal erases the lines that it wrapped', () => {
  const erased = (columns: number) => {
    const { live, text } = screen(true, columns);
    live.show(sampleOverview());
    text();
    live.show(sampleOverview({}, { pending: 59 }));
    return text().split('\u001b[2K').length - 1;
  };
  expect(erased(30)).toBeGreaterThan(erased(200));
});

test('a block can be removed at the end', () => {
  const { live, text } = screen(true);
  live.show(sampleOverview());
  text();
  live.end('clear');
  expect(text()).toContain('\u001b[2K');
});

test('elsewhere lines come every five seconds', () => {
  const { live, text } = screen(false);
  for (const now of [10_000, 12_000, 14_999, 15_000, 16_000]) live.show(sampleOverview({ now }));
  live.end('keep');
  expect(text()).toMatch(/^40 of 100 .*\n40 of 100 .*\n$/);
});

test('elsewhere an idle batch has a line every minute, and at once when its status changes', () => {
  const { live, text } = screen(false);
  const hold = { hold: 'key-rejected' };
  for (const now of [0, 30_000, 59_999, 60_000]) live.show(sampleOverview({ now }, hold));
  expect(text()).toBe('held: key-rejected\nheld: key-rejected\n');
  live.show(sampleOverview({ now: 60_001 }));
  expect(text()).toMatch(/^40 of 100 /);
});

test('a batch without accepted rows has an empty bar', () => {
  expect(bar(sampleReport({ accepted: 0, pending: 0 }))).toBe(`[${'-'.repeat(24)}]  0%`);
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
