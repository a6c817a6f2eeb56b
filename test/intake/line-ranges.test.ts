import { expect, test } from 'vitest';
import { LineRanges } from '../../src/intake/line-ranges.ts';
import { entriesOf, fileWith, onboardErrorFrom, open } from './intake-fixtures.ts';

const taken = (text: string) => {
  const ranges = new LineRanges([text], ['p.csv']);
  return Array.from({ length: 12 }, (_, line) => line).filter((line) => ranges.has('p.csv', line));
};

test.each<[string, number[]]>([
  ['3', [3]],
  ['2-4', [2, 3, 4]],
  ['2, 9-', [2, 9, 10, 11]],
  ['p.csv:5-6', [5, 6]],
])('%s', (text, lines) => {
  expect(taken(text)).toEqual(lines);
});

test.each(['', 'x', '5-3', '1 2', '-4', '1-2-3', 'other.csv:3', '2,,3', '9999999999'])(
  '%j is refused',
  (text) => {
    expect(() => taken(text)).toThrow(/^--only /);
  },
);

test('without it every line is taken', () => {
  const all = new LineRanges([], ['p.csv']);
  expect([all.isGiven, all.has('p.csv', 7)]).toEqual([false, true]);
});

test('of several files each needs its lines', () => {
  const files = ['a.csv', 'b:1.csv'];
  const ranges = new LineRanges(['a.csv:2', 'b:1.csv:4-', 'a.csv:9'], files);
  expect([2, 9, 4].map((line) => ranges.has('a.csv', line))).toEqual([true, true, false]);
  expect(ranges.has('b:1.csv', 100)).toBe(true);
  expect(() => new LineRanges(['a.csv:2'], files)).toThrow('names no lines of b:1.csv');
  expect(() => new LineRanges(['2-3'], files)).toThrow('the file before it');
});

const csv = 'email,first_name,last_name\na@x.org,A,L\nb@x.org,B,L\nc@x.org,C,L\n';

test('rows on other lines are skipped and counted, and the submission is another one', async () => {
  const path = await fileWith('p.csv', csv);
  const [all, some] = [await open([path]), await open([path], { only: ['3-'] })];
  expect([some.rows, some.skipped, all.skipped]).toEqual([2, 1, 0]);
  expect((await entriesOf(some)).map(({ at }) => at.line)).toEqual([3, 4]);
  expect(some.digest).not.toBe(all.digest);
  const none = await onboardErrorFrom(open([path], { only: ['50-'] }));
  expect([none.code, none.message]).toEqual([
    'E_USAGE',
    '--only 50-: no rows on these lines; name other lines',
  ]);
});
