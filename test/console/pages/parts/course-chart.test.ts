import { expect, test } from 'vitest';
import { CourseChart } from '../../../../src/console/pages/parts/course-chart.tsx';
import type { Course } from '../../../../src/overview/course.ts';
import { shown } from '../shown.ts';

const START = Date.UTC(2026, 10, 29, 12);

/** A course with a person created every ten seconds. */
function courseOf(count: number, change: Partial<Course> = {}): Course {
  const samples = Array.from({ length: count }, (_, at) => {
    return { at: START + at * 10_000, created: at, existing: 0, failed: 0, cancelled: 0 };
  });
  return { samples, bands: [], rounds: [{ round: 1, at: START }], ...change };
}

function chartOf(course: Course) {
  return shown(CourseChart({ course, now: START }));
}

/** Points of an area of a kind, without the two of its base. */
function pointsOf(html: string, kind: string): string[] {
  const [, path = ''] = new RegExp(`<path class="${kind}" d="M([^"]*)`).exec(html) ?? [];
  return path.split('L').slice(0, -2);
}

test.each([0, 1, 2])('with %d points it says what would stand there', (count) => {
  const { html, text } = chartOf(courseOf(count));
  expect(html).not.toContain('<svg');
  expect(text).toContain('would stand here');
});

test.each([
  [3, 3],
  [400, 400],
  [401, 201],
  [10_000, 401],
])('%d points are drawn as %d, the last one among them', (count, drawn) => {
  const points = pointsOf(chartOf(courseOf(count)).html, 'created');
  expect(points).toHaveLength(drawn);
  expect(points.at(-1)).toMatch(/^632 18$/);
});

test('areas stand on top of each other, those who failed at the bottom', () => {
  const [first, last] = [START, START + 100_000];
  const samples = [first, first + 50_000, last].map((at) => {
    return { at, created: 50, existing: 30, failed: 20, cancelled: 0 };
  });
  const { html } = chartOf(courseOf(0, { samples }));
  const heights = ['created', 'existing', 'failed'].map((kind) => pointsOf(html, kind)[0]);
  expect(heights).toEqual(['52 18', '52 94', '52 139.6']);
});

test('people who failed and whom a later round created are not drawn as failed', () => {
  const samples = [2, 2, 0].map((failed, at) => {
    return { at: START + at * 10_000, created: 3 + 2 - failed, existing: 0, failed, cancelled: 0 };
  });
  const { html, text } = chartOf(courseOf(0, { samples }));
  expect(new Set(pointsOf(html, 'failed').map((point) => point.split(' ')[1]))).toEqual(
    new Set(['170']),
  );
  expect(text).not.toMatch(/ 2 12:/);
});

test('bands say why nothing moved, in the picture where there is room, and in the table always', () => {
  const band = { kind: 'hold', code: 'key-rejected', isOpen: false } as const;
  const bands = [
    { ...band, from: START, until: START + 500_000 },
    { ...band, kind: 'away', code: 'reset', from: START + 600_000, until: START + 601_000 },
    { ...band, from: START + 700_000, until: START + 990_000, isOpen: true },
  ] as Course['bands'];
  const { html, text } = chartOf(courseOf(100, { bands }));
  expect(html.match(/class="band"/g)).toHaveLength(3);
  expect(html.match(/<text[^>]*>hold</g)).toHaveLength(2);
  expect(html).not.toMatch(/<text[^>]*>portal away</);
  expect(text).toMatch(
    /hold \(key-rejected\) from \S+ to .*portal away \(reset\) from .*until now$/,
  );
});

test('rounds after the first have a mark', () => {
  const rounds = [
    { round: 1, at: START },
    { round: 2, at: START + 50_000 },
  ];
  const { html } = chartOf(courseOf(10, { rounds }));
  expect(html.match(/class="mark"/g)).toHaveLength(1);
  expect(html).toContain('>round 2<');
});

test('the table has at most 21 lines, the last one among them', () => {
  const { html } = chartOf(courseOf(1000));
  const [, body = ''] = /<tbody>(.*)<\/tbody>/s.exec(html) ?? [];
  expect(body.match(/<tr>/g)?.length).toBeLessThanOrEqual(21);
  expect(body).toContain('>999<');
});
