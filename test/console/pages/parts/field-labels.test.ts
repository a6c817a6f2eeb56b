import { expect, test } from 'vitest';
import { inFormWords } from '../../../../src/console/pages/parts/field-labels.ts';
import { lengthOf } from '../../../../src/console/pages/parts/words.ts';

test.each([
  ['run --dry-run again', 'plan again'],
  ['name one with --sheet: A', 'name one with “Sheet of a workbook”: A'],
  [
    '--group x: give --groups create',
    '“Groups for everybody” x: give “Groups that the portal does not have” create',
  ],
  ['the file --odd-name.csv', 'the file --odd-name.csv'],
])('in a browser %j reads %j', (told, shown) => {
  expect(inFormWords(told)).toBe(shown);
});

test.each([
  [3_590, '1 h'],
  [86_390, '1 day'],
  [11_520, '3 h 12 min'],
  [187_200, '2 days 4 h'],
  [91, '2 min'],
  [12, '12 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(lengthOf(seconds)).toBe(text);
});
