import { expect, test } from 'vitest';
import { keptNames, keptSection, pageOf, whole } from '../../scripts/bench/page-text.ts';
import { figuresOf, type SideName } from '../../scripts/bench/scenarios.ts';
import {
  aimsSection,
  cpuChart,
  headOf,
  paceSection,
  throughputChart,
  throughputSection,
} from '../../scripts/bench/sections.ts';
import { read } from '../support/documents.ts';

const page = read('docs/benchmarks.md');

function side(name: SideName, perSecond: number) {
  const run = { perSecond, cpuMs: perSecond / 10_000, mostInFlight: 9, times: [] };
  return figuresOf(name, [run, run, run]);
}

const throughput = {
  found: {
    cpu: [side('bare client', 8000), side('raw BullMQ', 4000), side('ours', 3000)],
    portal: [side('bare client', 200), side('ours', 190)],
    far: [side('ours', 180)],
  },
  writers: [
    { writers: 1, perSecond: { 'bare client': 20, 'raw BullMQ': 18, ours: 19 } },
    { writers: 10, perSecond: { 'bare client': 200, 'raw BullMQ': 160, ours: 190 } },
  ],
};

test('the page has every section that a run keeps, and a run leaves them as they are', () => {
  const kept = pageOf(page, [{ text: '# New' }, ...keptNames.map((name) => ({ kept: name }))]);
  expect(kept.startsWith('# New\n')).toBe(true);
  for (const name of keptNames) expect(keptSection(kept, name)).toBe(keptSection(page, name));
  const again = pageOf(kept, [{ text: '# New' }, ...keptNames.map((name) => ({ kept: name }))]);
  expect(again).toBe(kept);
});

test('a page without a kept section is refused before the first benchmark', () => {
  expect(() => keptSection('# Page', 'trips')).toThrow('has no kept section trips');
});

test('ratios of the page are those of its own figures', () => {
  const text = throughputSection(throughput);
  const cells = (start: RegExp) => text.split('\n').find((line) => start.test(line)) ?? '';
  expect(cells(/no latency +\| raw/)).toMatch(/4,000, 4,000, 4,000 \| 4,000 +\| 0.750 /);
  expect(cells(/50 ms +\| bare/)).toMatch(/\| 200 +\| 0.950 /);
  expect(cells(/Redis 5 ms away/)).toMatch(/\| 180 +\| 0.900 \(bare client\) /);
  expect(cells(/^\| raw BullMQ/)).toMatch(/0\.400 +\| 0\.75 /);
});

test('a speed that does not come back after a kill is on the page as such', () => {
  const [first] = [{ ...side('ours', 100), recoveries: [Number.POSITIVE_INFINITY, 3.2] }];
  const found = JSON.parse(JSON.stringify({ killed: [first] }));
  expect(throughputSection({ found, writers: [] })).toContain('never, 3.2');
});

test('missed aims are on the page, and a short run says that it is one', () => {
  const aims = [{ what: 'speed', measured: '0.64', aim: 'at least 0.65', isMet: false }];
  expect(aimsSection(aims)).toMatch(/0 of 1 aims[\s\S]*\| speed +\| 0.64 .*\| missed/);
  const machine = {
    date: '2026-11-29',
    cores: 2,
    cpu: 'CPU',
    memoryGiB: 4,
    node: '20',
    redis: '7',
  };
  expect(headOf({ ...machine, emptyMs: 28.4, isQuick: true })).toMatch(/--quick[\s\S]* 28 ms/);
  expect(headOf({ ...machine, emptyMs: 28.4, isQuick: false })).not.toContain('--quick');
});

test('the share of a pace is that of 25 a second', () => {
  const alone = [{ people: 3000, perSecond: 24.5, refusals: 0, invites: 1 }];
  const text = paceSection({ alone, shared: [], refusedOthers: 0 });
  expect(text).toMatch(/\| 3,000 +\| 24.50 +\| 98.0 % +\| 0 +\| 1 /);
});

test('pictures have a line or a bar for each side', () => {
  for (const chart of [throughputChart(throughput), cpuChart(throughput)]) {
    for (const name of ['bare client', 'raw BullMQ', 'ours']) expect(chart).toContain(name);
  }
  expect(cpuChart(throughput)).toContain('>0.3</text>');
  expect(whole(20_000.4)).toBe('20,000');
});
