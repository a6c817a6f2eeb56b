import { expect, test } from 'vitest';
import { planOf, summaryOf, TROUBLE_MS } from '../../scripts/chaos/plan.ts';
import { faultsOf } from './faults-of.ts';

const rounds = Array.from({ length: 100 }, (_, index) => planOf(7, index + 1, 50));

test('seed and number decide on everything in a plan', () => {
  expect(planOf(7, 3, 50)).toEqual(planOf(7, 3, 50));
  expect(planOf(7, 4, 50)).not.toEqual(planOf(7, 3, 50));
  expect(planOf(8, 3, 50)).not.toEqual(planOf(7, 3, 50));
});

test('a hundred rounds hold every deed and every kind of fault', () => {
  const deeds = new Set(rounds.flatMap(({ events }) => events.map(({ deed }) => deed.kind)));
  expect([...deeds].sort()).toEqual([
    'faults',
    'kill-producer',
    'kill-redis',
    'kill-worker',
    'lose-power',
    'stop-worker',
  ]);
  const asked = JSON.stringify(rounds);
  expect(faultsOf().filter((name) => !asked.includes(`"${name}"`))).toEqual([]);
});

test('trouble keeps its time, and every list has its share of good, bad and known people', () => {
  for (const { events, list } of rounds) {
    expect(events.every(({ atMs }) => atMs >= 0 && atMs <= TROUBLE_MS)).toBe(true);
    expect(list.good).toHaveLength(50);
    expect(new Set(list.good).size).toBe(50);
    expect(list.lines).toBe(list.csv.trim().split('\n').length - 1);
  }
  expect(rounds.some(({ list }) => list.existing.length > 0)).toBe(true);
  expect(rounds.some(({ list }) => list.lines > 50)).toBe(true);
  expect(rounds.some(({ second }) => second !== undefined)).toBe(true);
  expect(summaryOf(rounds[0] ?? planOf(7, 1, 50))).not.toBe('');
});
