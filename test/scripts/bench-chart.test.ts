import { expect, test } from 'vitest';
import { barChart, lineChart } from '../../scripts/bench/chart.ts';

const lines = {
  title: 'People & <accounts>',
  x: 'writers',
  y: 'people a second',
  series: [
    { name: 'ours "now"', points: [[0, 0] as const, [50, 100] as const, [100, 200] as const] },
    { name: 'bare', points: [[100, 50] as const] },
  ],
};

test('a point is where its values say, from 0 at the corner to the ends of both axes', () => {
  const chart = lineChart(lines);
  expect(chart).toContain('points="48,216 192,136 336,56"');
  expect(chart).toContain('points="332,172 340,172 340,180 332,180"');
});

test('each line of a chart has a mark and a dash of its own, in the legend too', () => {
  const chart = lineChart(lines);
  // Three points of the first line, one of the second, and one of each in the legend.
  expect(chart.match(/<circle /g)).toHaveLength(4);
  expect(chart.match(/<polygon /g)).toHaveLength(2);
  expect(chart.match(/stroke-dasharray="6 3"/g)).toHaveLength(2);
  expect(chart).toContain('prefers-color-scheme: dark');
});

test('words of a chart cannot become markup', () => {
  const chart = lineChart(lines);
  expect(chart).toContain('People &#38; &#60;accounts&#62;');
  expect(chart).toContain('ours &#34;now&#34;');
  expect(chart).not.toContain('<accounts>');
});

test('a bar is as high as its value, has the value above it, and is named below', () => {
  const bars = [
    { name: 'ours', value: 0.2 },
    { name: 'bare', value: 0.05 },
  ];
  const chart = barChart({ title: 'CPU', y: 'ms a person', bars });
  expect(chart.match(/height="160"/g)).toHaveLength(1);
  expect(chart.match(/height="40"/g)).toHaveLength(1);
  expect(chart).toContain('>0.05</text>');
  expect(chart).toContain('>bare</text>');
});

test('the same numbers give the same bytes, and no number gives a chart too', () => {
  expect(lineChart(lines)).toBe(lineChart(structuredClone(lines)));
  expect(lineChart({ ...lines, series: [] })).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(barChart({ title: '', y: '', bars: [] })).not.toMatch(/NaN|Infinity/);
});
