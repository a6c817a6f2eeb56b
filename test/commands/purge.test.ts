import { expect, test } from 'vitest';
import { ageOf } from '../../src/commands/purge.ts';

test.each([
  ['12h', 43_200_000],
  ['30d', 2_592_000_000],
  ['4w', 2_419_200_000],
  ['0d', 0],
])('%s is %i ms', (text, ms) => {
  expect(ageOf(text)).toBe(ms);
});

test.each(['', 'd', '30', '30 days', '-1d', '1.5d', '30m', '1e3d'])('%j is no age', (text) => {
  expect(() => ageOf(text)).toThrow(/--older-than .*as 30d/);
});
