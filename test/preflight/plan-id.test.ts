import { describe, expect, test } from 'vitest';
import { daysText, estimate } from '../../src/preflight/estimate.ts';
import {
  causesAmong,
  hasLookup,
  isPlanId,
  movedParts,
  planId,
} from '../../src/preflight/plan-id.ts';

const parts = { input: 'aa', options: [['id', 'b1']], portal: 'https://p', counts: [2, 1, 0] };

describe('the id of a plan', () => {
  test('is the same for the same, and tells whether there was a lookup', () => {
    const id = planId(parts);
    expect(id).toMatch(/^p1(-[0-9a-f]{8}){4}$/);
    expect(planId({ ...parts })).toBe(id);
    expect([isPlanId(id), hasLookup(id)]).toEqual([true, false]);
    const looked = planId({ ...parts, present: '0' });
    expect([isPlanId(looked), hasLookup(looked)]).toEqual([true, true]);
  });

  test.each([
    [{ input: 'ab' }, ['input']],
    [{ options: [['id', 'b2']] }, ['options']],
    [{ portal: 'https://q', counts: [2, 1, 1] }, ['portal', 'counts']],
    [{ present: '1' }, ['present']],
    [{ groups: [['cSales', ['id']]] }, ['groups']],
    [{}, []],
  ])('says what moved: %j', (change, moved) => {
    const before = planId({ ...parts, present: '0' });
    expect(movedParts(before, planId({ ...parts, present: '0', ...change }))).toEqual(moved);
  });

  test('tells other groups from other people, and has a lookup without them', () => {
    const groups = [['cSales', ['a']]];
    const id = planId({ ...parts, groups });
    expect(id).toMatch(/^p1(-[0-9a-f]{8}){4}-g[0-9a-f]{8}$/);
    expect([isPlanId(id), hasLookup(id)]).toEqual([true, false]);
    expect(hasLookup(planId({ ...parts, groups, present: '0' }))).toBe(true);
    const moved = movedParts(id, planId({ ...parts, groups: [['cSales', ['b']]] }));
    expect(moved).toEqual(['groups']);
  });

  test.each([
    [['input', 'counts', 'present', 'groups'], ['input']],
    [['counts', 'groups'], ['groups']],
    [
      ['counts', 'present'],
      ['counts', 'present'],
    ],
    [
      ['options', 'portal'],
      ['options', 'portal'],
    ],
    [[], []],
  ])('of %j the causes are %j', (moved, causes) => {
    expect(causesAmong(moved)).toEqual(causes);
  });

  test.each(['', 'p1', 'p1-xyz', 'p2-00000000-00000000-00000000-00000000', 'p1-0000'])(
    '%j is none',
    (text) => {
      expect(isPlanId(text)).toBe(false);
    },
  );
});

describe('what a batch asks of the portal', () => {
  const work = { accepted: 5000, present: 0, notInvitable: 0, requestsPerMinute: 1500 };

  test('is a creation each and one invite, at the share of the limit that is used', () => {
    const told = estimate(work);
    expect(told).toMatchObject({ creations: 5000, lookups: 0, invites: 1, days: 1 });
    expect((told.durationMs ?? 0) / 60_000).toBeCloseTo(5001 / (1500 * 0.98), 1);
    expect(daysText(told)).toBe('within a day at the documented 10,000 writes a day');
  });

  test('people who are there are looked up and not invited', () => {
    expect(estimate({ ...work, present: 5000 })).toMatchObject({ lookups: 5000, invites: 0 });
    expect(estimate({ ...work, present: 4000, inviteSize: 300 })).toMatchObject({ invites: 4 });
  });

  test('takes days at the documented writes a day, and no time that is known without a limit', () => {
    const told = estimate({ ...work, accepted: 25_000, requestsPerMinute: 0 });
    expect([told.durationMs, told.days]).toEqual([null, 3]);
    expect(daysText(told)).toBe('3 days at the documented 10,000 writes a day');
  });
});
