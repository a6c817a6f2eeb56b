import { expect, test } from 'vitest';
import { atLeast, atMost, missedLines } from '../../scripts/bench/aims.ts';
import { chosen, countOf } from '../../scripts/bench/flags.ts';
import { aimsOf, figuresOf, recoveryOf, type SideName } from '../../scripts/bench/scenarios.ts';

/** A side that was measured three times alike. */
function side(name: SideName, perSecond: number, { cpuMs = 0.1, mostInFlight = 10 } = {}) {
  const run = { perSecond, cpuMs, mostInFlight, times: [] };
  return figuresOf(name, [run, run, run]);
}

/** `rate` people in each second of a time. */
function people(rate: number, from: number, to: number): number[] {
  return Array.from({ length: Math.round((to - from) * rate) }, (_, n) => from + n / rate);
}

test('a figure that misses its aim has a line, one that meets it has none', () => {
  const aims = [
    atLeast({ what: 'speed', measured: 97.9, aim: 98, digits: 1, unit: ' %' }),
    atLeast({ what: 'pace', measured: 98, aim: 98 }),
    atMost({ what: 'requests at once', measured: 11, aim: 10, digits: 0 }),
    atMost({ what: '429s', measured: 0, aim: 0 }),
    atMost({ what: 'CPU', measured: Number.NaN, aim: 1 }),
  ];
  expect(missedLines(aims)).toEqual([
    'missed: speed is 97.9 %, the aim is at least 98.0 %',
    'missed: requests at once is 11, the aim is at most 10',
    'missed: CPU is none, the aim is at most 1.00',
  ]);
});

test('an 11th request, less than 0.65 of raw BullMQ and twice its CPU are missed aims', () => {
  const cpu = [side('raw BullMQ', 1000), side('ours', 640, { cpuMs: 0.2 })];
  const portal = [side('bare client', 190), side('ours', 189, { mostInFlight: 11 })];
  const lines = missedLines(aimsOf({ cpu, portal, far: [side('ours', 181)] }));
  expect(lines).toEqual([
    expect.stringContaining('speed in times of raw BullMQ is 0.64'),
    expect.stringContaining('CPU in times of raw BullMQ is 2.00'),
    expect.stringContaining('most requests at once is 11'),
  ]);
});

test('without a bare client in the same run nothing is met that is compared with it', () => {
  expect(missedLines(aimsOf({ three: [side('ours', 1000)] }))).toHaveLength(1);
});

test('full speed is back at the first 5 s that have 98 % of the speed before the kill', () => {
  const times = [...people(100, 0, 10), ...people(60, 10, 17), ...people(100, 17, 40)];
  expect(recoveryOf({ times, killedAt: 10 })).toBeCloseTo(6.8, 1);
  const slow = [...people(100, 0, 10), ...people(60, 10, 40)];
  expect(recoveryOf({ times: slow, killedAt: 10 })).toBe(Number.POSITIVE_INFINITY);
});

test('a scenario or a number of rounds that does not exist is refused before any round', () => {
  expect(() => chosen(['portl'], ['portal', 'far'])).toThrow('portl: give one of portal, far');
  expect(chosen(['far'], ['portal', 'far'])).toEqual(['far']);
  expect(chosen([], ['portal', 'far'])).toEqual(['portal', 'far']);
  for (const text of ['0', '1.5', 'two', '']) expect(() => countOf('--rounds', text)).toThrow();
});
