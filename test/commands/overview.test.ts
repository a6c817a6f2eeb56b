import { expect, test } from 'vitest';
import { overviewFields, overviewText } from '../../src/commands/text/overview-text.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import type { Wait } from '../../src/overview/current-waits.ts';
import { type Overview, readOverview, secondsLeft } from '../../src/overview/overview.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { sampleOverview } from './sample-overview.ts';

const daily = (until: number): Wait => ({ kind: 'requested', code: 'daily', until });
const outage: Wait = { kind: 'outage', reason: 'host-not-found', since: 0 };

test.each<[string, Partial<Overview>, number | null]>([
  ['the rows at the rate that is reached', {}, 30],
  ['what the limit allows, before a rate is known', { ratePerSecond: 0 }, 15],
  ['no more than the limit allows', { ratePerSecond: 100 }, 15],
  ['the whole queue', { backlog: 600 }, 300],
  ['a wait that ends before work continues', { waits: [daily(3_600_000)] }, 3630],
  ['nothing that is known, in an outage', { waits: [outage] }, null],
  ['nothing that is known, without a worker', { workers: 0 }, null],
  ['nothing that is known, without rate and limit', unknownPace(), null],
])('time left comes from %s', (_, change, seconds) => {
  expect(secondsLeft(sampleOverview(change))).toBe(seconds);
});

function unknownPace() {
  return { ratePerSecond: 0, allowedPerSecond: Number.POSITIVE_INFINITY };
}

test.each([
  ['held', { hold: 'key-rejected' }, null],
  ['read in', { state: 'intake' as const }, null],
  ['waiting for a person', { state: 'waiting' as const }, null],
  ['at a gate', { gate: { code: 'invite-held' as const, until: null } }, null],
  ['over', { state: 'finished' as const }, 0],
])('a batch that is %s has no pace', (_, change, seconds) => {
  const overview = sampleOverview({}, change);
  expect(secondsLeft(overview)).toBe(seconds);
  expect(overviewText(overview)).not.toContain('/s,');
});

test('the text has pace, waits and failures, each with an example', () => {
  const causes = [
    {
      code: 'timeout',
      count: 2,
      example: { file: 'a.csv', line: 7, email: 'p@x.org', reason: 'No\u001b[2J answer.' },
    },
  ];
  const overview = sampleOverview({ causes, waits: [outage] });
  expect(overviewText(overview)).toMatch(
    / {2}2\.0\/s, time left unknown \(average of the last two minutes\)\nwaiting: portal unreachable \(host-not-found\) .*\nfailed:\n {2}2 timeout, as a\.csv line 7, p@x\.org: No\\u001b\[2J answer\.\n/,
  );
  const over = sampleOverview({ causes }, { state: 'finished' });
  expect(overviewText(over)).toContain(
    '  to try them again: onboard retry b1\n  to correct them in a file: onboard report b1 --failed\n',
  );
  expect(overviewText(sampleOverview({ workers: 0 }))).toContain('no worker is running');
});

test('without names and reasons, a group shows its place and offers nothing that needs them', () => {
  const example = { file: 'a.csv', line: 7, email: '', reason: '' };
  const causes = [{ code: 'timeout', count: 2, example }];
  const removed = { state: 'finished', peopleRemovedAt: '2026-11-28T00:00:00.000Z' } as const;
  expect(overviewText(sampleOverview({ causes }, removed))).toMatch(
    /failed:\n {2}2 timeout, as a\.csv line 7\n$/,
  );
});

test('only the ten most frequent groups are on the screen', () => {
  const example = { file: 'a.csv', line: 7, email: 'p@x.org', reason: 'r' };
  const causes = Array.from({ length: 13 }, (_, index) => ({
    code: `code-${index}`,
    count: 20 - index,
    example,
  }));
  const text = overviewText(sampleOverview({ causes }));
  expect(text).toContain('  11 code-9, as');
  expect(text).not.toContain('code-10');
  expect(text).toContain('  and 3 other reasons\n');
  const short = overviewText(sampleOverview({ causes }), { mostCauses: 2, remarks: 'remark\n' });
  expect(short).toContain('  and 11 other reasons\n');
  expect(short).toMatch(/invited in 0 requests\nremark\n {2}2\.0\/s/);
});

test('an overview has the hold with its remedy, the groups and what the workers keep to', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(60));
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 1 });
  await setHold(stage.ledger, { code: 'quota-exceeded', reason: 'r', remedy: 'm', since: 5 });
  const outcome = { code: 'timeout', reason: 'No answer.' };
  await settleRow(stage.ledger, { batch, round: 1, row: 59 }, { state: 'failed', outcome });
  const overview = await readOverview(stage, batch, Date.now());
  expect(overview.allowedPerSecond).toBeCloseTo(4.95);
  expect(overviewFields(overview)).toMatchObject({
    batchId: batch,
    hold: 'quota-exceeded',
    held: { code: 'quota-exceeded', remedy: 'm', since: '1970-01-01T00:00:00.005Z' },
    workers: 1,
    failures: [{ code: 'timeout', count: 1, example: { email: 'p59@example.com', line: 61 } }],
    secondsLeft: null,
  });
  expect(overview.ratePerSecond).toBeGreaterThan(0);
});

test('before the first worker, and without a limit, any pace is allowed', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(1));
  const read = () => readOverview(stage, batch, Date.now());
  expect(await read()).toMatchObject({ allowedPerSecond: Infinity, limits: undefined });
  await stage.queues.createUser.pause();
  await stage.startWorkers();
  expect(await read()).toMatchObject({ allowedPerSecond: Infinity, limits: { perMinute: 0 } });
});

test.each([
  ['configured', 1500, 'at most 1,500 requests a minute (as configured)'],
  ['portal', 600, "at most 600 requests a minute (the portal's own limit)"],
  ['shared', 1113.75, 'at most 1,114 requests a minute (lowered after a refusal, because others'],
] as const)('a pace that is %s is shown with its reason', (why, perMinute, text) => {
  const overview = sampleOverview({ limits: { perMinute, why, writers: 10 } });
  expect(overviewText(overview)).toContain(`  ${text}`);
  expect(overviewFields(overview)).toMatchObject({
    pace: { requestsPerMinute: Math.round(perMinute), because: why },
  });
});
