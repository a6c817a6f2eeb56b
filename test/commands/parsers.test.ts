import { expect, test } from 'vitest';
import { age, percent, time, wholeNumber } from '../../src/commands/flags/parsers.ts';

test.each([
  ['12h', 43_200_000],
  ['30d', 2_592_000_000],
  ['4w', 2_419_200_000],
  ['0d', 0],
])('the age %s is %i ms', (text, ms) => {
  expect(age(text)).toBe(ms);
});

test.each(['', 'd', '30', '30 days', '-1d', '1.5d', '30m', '1e3d'])('%j is no age', (text) => {
  expect(() => age(text)).toThrow(/as 30d/);
});

test.each([
  ['0', 0],
  ['40%', 40],
  [' 100 % ', 100],
])('%j is a share of %i percent', (text, share) => {
  expect(percent(text)).toBe(share);
});

test.each(['', '101', '-1', '4.5', '4x', '1e1'])('%j is no share', (text) => {
  expect(() => percent(text)).toThrow('from 0 to 100 percent');
});

test.each(['', '-1', '1.5', '1e3', '0x1', ' 1', '9999999999'])('%j is no whole number', (text) => {
  expect(() => wholeNumber(0)(text)).toThrow('Give a whole number, 0 or more.');
});

test('a whole number lies between its bounds', () => {
  expect([wholeNumber(1)('1'), wholeNumber(0, 9)('9')]).toEqual([1, 9]);
  expect(() => wholeNumber(1)('0')).toThrow('1 or more');
  expect(() => wholeNumber(0, 9)('10')).toThrow('from 0 to 9');
});

test('a time has a date and a time of day, and may have an offset', () => {
  expect(time('2026-12-01T08:00+01:00')).toBe(Date.UTC(2026, 11, 1, 7));
  expect(time('2026-12-01T08:00:30')).toBe(new Date(2026, 11, 1, 8, 0, 30).getTime());
});

test.each(['', 'tomorrow', '2026-12-01', '2026-13-01T08:00Z', '08:00'])('%j is no time', (text) => {
  expect(() => time(text)).toThrow('as 2026-12-01T08:00+01:00');
});

test.each([
  '2026-02-30T08:00Z',
  '2026-02-30T08:00',
  '2027-02-29T08:00+01:00',
  '2026-12-01T25:00Z',
  '2026-12-01T24:00Z',
  '2026-12-01T25:00',
  '2026-12-01T08:60Z',
  '2026-12-01T08:00:61Z',
  '2026-12-01T08:00+25:00',
  '2026-12-01T08:00+01:60',
])('%j does not exist, and is no time', (text) => {
  expect(() => time(text)).toThrow(/does not exist.*as 2026-12-01T08:00\+01:00/);
});

test.each([
  ['2028-02-29T23:59:59.5Z', Date.UTC(2028, 1, 29, 23, 59, 59, 500)],
  ['2026-12-01T08:00-1130', Date.UTC(2026, 11, 1, 19, 30)],
  ['2026-12-01T08:00+14:00', Date.UTC(2026, 10, 30, 18)],
])('%s is a time', (text, at) => {
  expect(time(text)).toBe(at);
});
